#!/usr/bin/env python3
"""Puts one bug after the other into a private copy of the tree and expects its test to fail.

bugs.txt has a paragraph a bug: `= name`, one line of what is wrong, `test` with a build target and
its arguments, and edits: `file`, then lines with - that must be there exactly once, and lines with +
that take their place.
"""
import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
TIME_LIMIT_S = 900


class Bug:
    def __init__(self, number, name):
        self.number, self.name = number, name
        self.what, self.test, self.edits = "", [], []


def read_bugs(path):
    bugs = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith("= "):
                bugs.append(Bug(len(bugs) + 1, line[2:]))
            elif line.startswith("test "):
                bugs[-1].test = line.split()[1:]
            elif line.startswith("file "):
                bugs[-1].edits.append((line[5:], [], []))
            elif line[0] in "-+" and bugs[-1].edits:
                bugs[-1].edits[-1][1 if line[0] == "-" else 2].append(line[1:])
            else:
                bugs[-1].what = line
    return bugs


def copy_tree(to):
    files = subprocess.run(
        ["git", "-c", f"safe.directory={TOP}", "ls-files", "-z", "-c", "-o", "--exclude-standard"],
        cwd=TOP, capture_output=True, check=True).stdout.decode().split("\0")
    for name in files:
        if not name or not os.path.isfile(os.path.join(TOP, name)):
            continue
        target = os.path.join(to, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        # With --keep a file that had a bug must be newer than what was built of it.
        if not os.path.exists(target) or not filecmp.cmp(os.path.join(TOP, name), target, False):
            shutil.copy(os.path.join(TOP, name), target)


class Tree:
    """A copy with a build of its own; warnings are no errors there: a bug may leave a value unused."""

    def __init__(self, path):
        self.path, self.build = path, os.path.join(path, "build", "seeded")
        copy_tree(path)
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        self.run(["cmake", "-S", path, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                  "-DCMAKE_C_FLAGS=-O1 -g0", "-DSTRIDE_WERROR=OFF", *launcher], check=True)

    def run(self, command, check=False):
        try:
            done = subprocess.run(command, cwd=self.path, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=TIME_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return 1, "it did not end\n"
        text = done.stdout.decode(errors="replace")
        if check and done.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{text[-3000:]}")
        return done.returncode, text

    def make(self, targets, check=False):
        return self.run(["cmake", "--build", self.build, "--target", *targets], check)

    def test(self, test):
        return self.run([os.path.join(self.build, "bin", test[0]), *test[1:]])

    def edit(self, bug):
        """The former texts by file, or None when the code is not as the bug expects it."""
        former = {}
        for name, old, new in bug.edits:
            path = os.path.join(self.path, name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            wanted = "\n".join(old) + "\n"
            if text.count(wanted) != 1:
                self.restore(former)
                return None
            former.setdefault(path, text)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(wanted, "".join(line + "\n" for line in new)))
        return former

    @staticmethod
    def restore(former):
        for path, text in former.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


def caught_by(text):
    """The first line of a test's output that says what failed."""
    for line in text.splitlines():
        if any(word in line for word in ("FAILED", "ERROR", "Assertion", "did not end", "died")):
            return line.strip()[:110]
    return "it ended badly"


def try_bug(tree, bug):
    former = tree.edit(bug)
    if former is None:
        return False, "the code is no longer as the bug expects it: write it anew"
    try:
        code, text = tree.make([bug.test[0]])
        if code != 0:
            return False, "does not build: " + text.strip().splitlines()[-1][:100]
        code, text = tree.test(bug.test)
        return code != 0, caught_by(text) if code != 0 else "NOT CAUGHT by " + " ".join(bug.test)
    finally:
        tree.restore(former)


def run(tree, bugs):
    tree.make(sorted({bug.test[0] for bug in bugs}), check=True)
    for test in sorted({tuple(bug.test) for bug in bugs}):
        code, text = tree.test(list(test))
        if code != 0:
            sys.exit(f"without any bug {' '.join(test)} fails:\n{text[-2000:]}")
    passed = failed = 0
    for bug in bugs:
        good, why = try_bug(tree, bug)
        passed, failed = passed + good, failed + (not good)
        print(f"{bug.number:3} {'caught' if good else 'MISSED'}  {bug.name:28} {bug.what}")
        print(f"            {why}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def main():
    parser = argparse.ArgumentParser(
        prog="tests/seeded/run.sh",
        description="Seeded bugs: each is put into a private copy of the tree, and the test that "
                    "bugs.txt names must fail. passed = caught.")
    parser.add_argument("--only", help="numbers or names, with commas between")
    parser.add_argument("--list", action="store_true", help="print the bugs and their tests")
    parser.add_argument("--keep", metavar="DIR", help="copy and build here, and leave it there")
    args = parser.parse_args()
    bugs = read_bugs(os.path.join(HERE, "bugs.txt"))
    if args.only:
        wanted = args.only.split(",")
        unknown = set(wanted) - {b.name for b in bugs} - {str(b.number) for b in bugs}
        if unknown:
            parser.error("no such bug: " + ", ".join(sorted(unknown)))
        bugs = [b for b in bugs if b.name in wanted or str(b.number) in wanted]
    if args.list:
        for bug in bugs:
            print(f"{bug.number:3} {bug.name:28} {bug.what}\n    {' '.join(bug.test)}")
        return
    path = args.keep or tempfile.mkdtemp(prefix="stridehub-seeded-")
    try:
        good = run(Tree(path), bugs)
    finally:
        if not args.keep:
            shutil.rmtree(path)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
