"""A home for tests: a private broker, the hub, and devices, each a process of our own.

Everything lives in one directory of its own; processes are ended by the handles kept here, never by
name. The broker comes from deploy/lib.sh, so that what is tested is what is shipped."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from . import mqtt

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ROOT = "stride/1/0/home/"
SKIPPED = 77  # the exit code that ctest reads as "skipped"
LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
# A sanitizer's build is slower: what is a bound in time there is this much wider (CMakeLists.txt).
PATIENCE = float(os.environ.get("STRIDEHUB_PATIENCE") or 1)
WAIT_S = 15 * PATIENCE  # for what must come, at whatever time: a limit, not a measurement


def bin_dir():
    """Where the programs are: $STRIDEHUB_BIN, else the dev build."""
    return os.environ.get("STRIDEHUB_BIN") or os.path.join(TOP, "build", "dev", "bin")


class Failed(Exception):
    """What the test found broken, in words."""


def program(name):
    path = os.path.join(bin_dir(), name)
    if not os.path.exists(path):
        raise Failed("there is no %s: build it (tests/run.sh does), or let STRIDEHUB_BIN name the "
                     "folder of the programs" % path)
    return path


def say(*words):
    print(*words, flush=True)


def end_with_parent():
    """In a child: to be killed when the test is (prctl(2)), which no clean-up of ours survives."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(arguments, timeout_s=120, check=True, **options):
    """Runs a program to its end; its output as text."""
    done = subprocess.run(arguments, timeout=timeout_s, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **options)
    if check and done.returncode != 0:
        raise Failed("%s ended with %d: %s" % (" ".join(map(str, arguments[:3])), done.returncode,
                                               done.stderr.strip()[-800:]))
    return done.stdout


def wait_until(condition, limit_s, step_s=0.05):
    """The condition's first true value, or None at the limit."""
    end = time.monotonic() + limit_s
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value or None
        time.sleep(step_s)


class Process:
    """A child whose standard output is watched for lines."""

    def __init__(self, arguments, log, **options):
        self.log = open(log, "ab")
        # To the kernel a child's parent is the thread that started it: a child that a short-lived
        # thread starts would be killed when that thread ends.
        lasting = threading.current_thread() is threading.main_thread()
        self.child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=self.log,
                                      stdin=subprocess.DEVNULL,
                                      preexec_fn=end_with_parent if lasting else None, **options)
        self.ready = threading.Event()
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.log.write(line)
            self.log.flush()
            self.lines.append(line.decode(errors="replace"))
            if line.startswith(b"ready"):
                self.ready.set()
        self.ready.set()  # ended: whoever waits looks at running()

    def running(self):
        return self.child.poll() is None

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self, limit_s=20):
        """SIGTERM and the exit code; SIGKILL and None after the limit."""
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def cpu_s(self):
        """User and system seconds so far (proc(5))."""
        with open("/proc/%d/stat" % self.child.pid) as stat:
            parts = stat.read().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        with open("/proc/%d/status" % self.child.pid) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024.0
        return 0.0


class Home:
    """`script`: whose devices to configure; `hub_lines`: more lines for [hub]; `edit`: a function from the printed sections to others."""

    def __init__(self, wearers=1, persistence=True, users=(), hub_lines=(), edit=None, keep=False,
                 database=None, sections=None, script=None):
        self.dir = tempfile.mkdtemp(prefix="stridehub-")
        self.keep = keep
        self.wearers = wearers
        self.broker = self.hub = None
        self._children = []
        if sections is None:
            sections = run([program("stridesim"), "config", *([script] if script else []),
                            "--wearers", str(wearers)])
        self.sections = edit(sections) if edit else sections
        self.database = database or self.path("hub.db")
        self._prepare(persistence, users)
        self.write_config(hub_lines)

    def path(self, name):
        return os.path.join(self.dir, name)

    def _prepare(self, persistence, users):
        with open(self.path("sections.conf"), "w") as out:
            out.write(self.sections)
        environment = dict(os.environ, BROKER_PERSISTENCE="true" if persistence else "false")
        words = run(["bash", "-c", '. "$0/deploy/lib.sh"; broker_prepare "$@" && echo "$BROKER_PORT"',
                     TOP, self.dir, self.path("sections.conf"), "probe", *users], env=environment)
        self.port = int(words.split()[-1])
        self.uri = "mqtt://127.0.0.1:%d" % self.port
        self.passwords = {}
        for name in ("hub.passwords", "home.passwords"):
            with open(self.path(name)) as lines:
                self.passwords.update(line.strip().split(":", 1) for line in lines)

    def write_config(self, hub_lines):
        """Writes hub.conf; [hub] is what the rig needs and `hub_lines`."""
        self.config = self.path("hub.conf")
        with open(self.config, "w") as out:
            out.write("[hub]\nsite = home\npart = 0\nbroker = %s\nuser = hub-0\n"
                      "password_file = %s\ndatabase = %s\n%s\n\n%s" %
                      (self.uri, self.path("hub.passwords"), self.database, "\n".join(hub_lines),
                       self.sections))

    def grant(self, *lines):
        """Adds lines to the broker's rights, before it starts."""
        with open(self.path("broker/acl"), "a") as out:
            out.write("\n" + "\n".join(lines) + "\n")

    def edit_broker(self, settings):
        """Replaces settings of the shipped broker configuration, before it starts."""
        path = self.path("broker/mosquitto.conf")
        with open(path) as lines:
            kept = [line for line in lines if line.split(" ")[0] not in settings]
        with open(path, "w") as out:
            out.writelines(kept)
            out.writelines("%s %s\n" % item for item in settings.items())

    # ---- processes

    def start_broker(self):
        self.broker = Process(["mosquitto", "-c", self.path("broker/mosquitto.conf")],
                              self.path("broker.log"),
                              env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
        if not wait_until(self._broker_answers, 10, 0.01):
            raise Failed("the broker does not start; see %s" % self.path("broker.log"))

    def _broker_answers(self):
        if not self.broker.running():
            raise Failed("the broker ended; see %s" % self.path("broker.log"))
        try:
            client = self.client("probe")
        except (OSError, ConnectionError, mqtt.Refused):
            return False
        client.close()
        return True

    def start_hub(self, clock_speed=None, limit_s=20 * PATIENCE, wait=True, extra=()):
        """Seconds from start to ready."""
        arguments = [program("stridehub"), "serve", "--config", self.config, *extra]
        if clock_speed:
            arguments += ["--clock-speed", str(clock_speed)]
        start = time.monotonic()
        self.hub = Process(arguments, self.path("hub.log"))
        if wait and not (self.hub.ready.wait(limit_s) and self.hub.running()):
            with open(self.path("hub.log"), errors="replace") as log:
                raise Failed("the hub did not get ready: %s" % log.read()[-800:])
        return time.monotonic() - start

    def start(self, arguments, name):
        child = Process(arguments, self.path(name + ".log"))
        self._children.append(child)
        return child

    def walk(self, script, speed=1, seed=1, extra=(), name="walk"):
        """Starts the simulated wearers; they exit when the hub has stored everything."""
        return self.start([program("stridesim"), "walk", script, "--broker", self.uri,
                           "--password-file", self.path("home.passwords"),
                           "--wearers", str(self.wearers), "--seed", str(seed),
                           "--speed", str(speed), "--ring-kib", "8192", "--quiet",
                           "--exit-when-stored", "--stored-timeout", "600", *extra], name)

    def client(self, user, **options):
        return mqtt.Client(self.port, user, self.passwords[user], client_id=user, **options)

    def devices(self):
        """device id -> {wearer, side, ...} of the configuration."""
        out, current = {}, None
        for line in self.sections.splitlines():
            line = line.split("#")[0].strip()
            if line.startswith("["):
                parts = line.strip("[]").split()
                current = out.setdefault(parts[1], {}) if parts[0] == "device" else None
            elif "=" in line and current is not None:
                key, value = (part.strip() for part in line.split("=", 1))
                current[key] = value
        return out

    # ---- the hub's records, once it has stopped

    def replay(self, *options, timeout_s=120):
        return run([program("stridehub"), "replay", self.database, *options], timeout_s)

    def replay_check(self):
        """Raises unless the run's own journal replays bit for bit."""
        run([program("stridehub"), "replay", self.database, "--check"])

    def stop_all(self):
        for child in [*self._children, self.hub, self.broker]:
            if child and child.running():
                child.stop(10)

    def close(self):
        self.stop_all()
        if self.keep:
            say("kept:", self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error[0] and os.environ.get("STRIDEHUB_KEEP"):
            self.keep = True
        self.close()


class Checks:
    """Named checks, printed as they are made; the sum at the end."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, what, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        say("%s  %s%s" % ("ok    " if ok else "FAILED", what, "  (%s)" % detail if detail else ""))
        return bool(ok)

    def end(self):
        say("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed else 0


def main(test):
    """Runs `test(checks)`; the process's exit code."""
    checks = Checks()
    try:
        test(checks)
    except (Failed, subprocess.TimeoutExpired, TimeoutError, ConnectionError) as error:
        checks.that("the run itself", False, str(error))
    sys.exit(checks.end())


def skip(reason):
    say("SKIPPED: " + reason)
    sys.exit(SKIPPED)
