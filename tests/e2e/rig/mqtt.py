"""A small MQTT 5 client over a plain socket: connect, subscribe, publish QoS 0/1, receive.

Used where the test must say exactly what is on the wire (expiry, retained flag, malformed payloads)
or must not share code with the hub's own link."""
import collections
import os
import queue
import socket
import struct
import threading
import time

from . import pb

Message = collections.namedtuple("Message", "topic payload retain qos properties at")

# Property id -> how it is coded; only those that a broker may send to us.
_INT = {0x01: 1, 0x02: 4, 0x0B: 0, 0x11: 4, 0x13: 2, 0x17: 1, 0x18: 4, 0x19: 1, 0x21: 2, 0x22: 2,
        0x23: 2, 0x24: 1, 0x25: 1, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1}
_TEXT = (0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F)
_BINARY = (0x09, 0x16)
EXPIRY, RESPONSE_TOPIC, CORRELATION, USER = 0x02, 0x08, 0x09, 0x26


def _text(value):
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(data)) + data


def _properties(values):
    out = b""
    for key, value in values.items():
        if key in _INT:
            out += bytes([key]) + value.to_bytes(_INT[key], "big")
        elif key == USER:
            out += bytes([key]) + _text(value[0]) + _text(value[1])
        else:
            out += bytes([key]) + _text(value)
    return pb.varint(len(out)) + out


def _take_text(data, at):
    size = struct.unpack_from(">H", data, at)[0]
    return data[at + 2:at + 2 + size], at + 2 + size


def _read_properties(data, at):
    size, at = pb.read_varint(data, at)
    end, out = at + size, {}
    while at < end:
        key = data[at]
        at += 1
        if key in _TEXT or key in _BINARY:
            value, at = _take_text(data, at)
            out[key] = value.decode() if key in _TEXT else value
        elif key == USER:
            name, at = _take_text(data, at)
            value, at = _take_text(data, at)
            out.setdefault(USER, {})[name.decode()] = value.decode()
        elif _INT.get(key) == 0:
            out[key], at = pb.read_varint(data, at)
        else:
            out[key], at = int.from_bytes(data[at:at + _INT[key]], "big"), at + _INT[key]
    return out, end


class Refused(Exception):
    """The broker refused: `reason` is the MQTT 5 reason code."""

    def __init__(self, what, reason):
        super().__init__("%s refused, reason 0x%02x" % (what, reason))
        self.reason = reason


class Client:
    """One connection. Received messages wait in `inbox` (a queue.Queue of Message)."""

    def __init__(self, port, user, password, client_id="", expiry_s=0, clean=True, keepalive_s=60,
                 will=None, host="127.0.0.1"):
        self.inbox = queue.Queue()
        self._answers = {}
        self._answered = threading.Condition()
        self._next_id = 0
        self._lock = threading.Lock()
        self.lost = threading.Event()
        self._socket = socket.create_connection((host, port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")
        flags = 0xC0 | (2 if clean else 0) | ((0x2C if will else 0))
        body = _text("MQTT") + bytes([5, flags]) + struct.pack(">H", keepalive_s)
        body += _properties({0x11: expiry_s, 0x21: 200}) + _text(client_id)
        if will:
            body += _properties({}) + _text(will[0]) + _text(will[1])
        self._write(0x10, body + _text(user) + _text(password))
        kind, data = self._read_packet()
        if kind >> 4 != 2 or data[1] != 0:
            raise Refused("CONNECT", data[1] if kind >> 4 == 2 else 0xFF)
        self.session_present = bool(data[0] & 1)
        self._socket.settimeout(None)
        threading.Thread(target=self._run, daemon=True).start()

    def _write(self, head, body):
        with self._lock:
            self._socket.sendall(bytes([head]) + pb.varint(len(body)) + body)

    def _read_packet(self):
        head = self._stream.read(1)
        if not head:
            raise ConnectionError("closed by the broker")
        size = shift = 0
        while True:
            byte = self._stream.read(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        data = self._stream.read(size)
        if len(data) != size:
            raise ConnectionError("closed by the broker")
        return head[0], data

    def _run(self):
        try:
            while True:
                self._dispatch(*self._read_packet())
        except (OSError, ConnectionError, IndexError, ValueError):
            pass
        self.lost.set()
        with self._answered:
            self._answered.notify_all()

    def _dispatch(self, head, data):
        kind = head >> 4
        if kind == 3:
            qos = head >> 1 & 3
            topic, at = _take_text(data, 0)
            packet = 0
            if qos:
                packet, at = struct.unpack_from(">H", data, at)[0], at + 2
            properties, at = _read_properties(data, at)
            if qos:
                self._write(0x40, struct.pack(">H", packet))
            self.inbox.put(Message(topic.decode(), data[at:], bool(head & 1), qos, properties,
                                   time.monotonic()))
        elif kind in (4, 9, 11):
            packet = struct.unpack_from(">H", data, 0)[0]
            with self._answered:
                self._answers[packet] = data[-1] if kind != 4 else (data[2] if len(data) > 2 else 0)
                self._answered.notify_all()
        elif kind == 14:
            raise ConnectionError("the broker disconnected us")

    def _packet_id(self):
        self._next_id = self._next_id % 65535 + 1
        return self._next_id

    def _wait(self, packet, what, timeout_s=10):
        with self._answered:
            if not self._answered.wait_for(
                    lambda: packet in self._answers or self.lost.is_set(), timeout_s):
                raise TimeoutError("%s: no answer from the broker" % what)
            if packet not in self._answers:
                raise ConnectionError("%s: connection lost" % what)
            return self._answers.pop(packet)

    def subscribe(self, filter_text, qos=1):
        packet = self._packet_id()
        self._write(0x82, struct.pack(">H", packet) + _properties({}) + _text(filter_text)
                    + bytes([qos]))
        reason = self._wait(packet, "SUBSCRIBE")
        if reason >= 0x80:
            raise Refused("SUBSCRIBE", reason)

    def publish(self, topic, payload, qos=1, retain=False, properties=None, wait=True):
        """Returns the PUBACK's reason code (0 for QoS 0 or wait=False)."""
        if isinstance(payload, str):
            payload = payload.encode()
        body, packet = _text(topic), 0
        if qos:
            packet = self._packet_id()
            body += struct.pack(">H", packet)
        self._write(0x30 | qos << 1 | int(retain), body + _properties(properties or {}) + payload)
        return self._wait(packet, "PUBLISH") if qos and wait else 0

    def ping(self):
        self._write(0xC0, b"")

    def get(self, timeout_s, want=lambda message: True):
        """The next message that `want` accepts (others are thrown away), or None."""
        end = time.monotonic() + timeout_s
        while True:
            left = end - time.monotonic()
            try:
                message = self.inbox.get(timeout=max(left, 0.001))
            except queue.Empty:
                return None
            if want(message):
                return message

    def drain(self, quiet_s, limit_s=30):
        """All messages until none came for `quiet_s`; TimeoutError if they never cease."""
        out, end = [], time.monotonic() + limit_s
        while time.monotonic() < end:
            message = self.get(quiet_s)
            if message is None:
                return out
            out.append(message)
        raise TimeoutError("not quiet within %g s; the last was on %s" % (limit_s, out[-1].topic))

    def request(self, topic, response_topic, payload, timeout_s=10):
        """Publishes with response topic and correlation data; returns the answer or None."""
        correlation = os.urandom(8)
        self.subscribe(response_topic)
        self.publish(topic, payload, properties={RESPONSE_TOPIC: response_topic,
                                                 CORRELATION: correlation})
        return self.get(timeout_s, lambda m: m.properties.get(CORRELATION) == correlation)

    def close(self):
        try:
            self._write(0xE0, b"")
        except OSError:
            pass
        self.abort()

    def abort(self):
        """Drops the connection without DISCONNECT: the broker sends the will."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
