#!/usr/bin/env python3
"""Every record that the programs write is what hub/app/record.schema.json says, and the schema says
no to what is no record.

Usage: schema.py --bin DIR    Ends with "N passed, N failed"; exit status 77 without jsonschema.
"""
import argparse
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: no python3-jsonschema")
    sys.exit(77)

TOP = pathlib.Path(__file__).resolve().parents[2]


def records(bin_dir, folder):
    """The record of each shipped walk, by name."""
    for script in sorted((TOP / "devices/sim/walks").glob("*.walk")):
        journal = folder / (script.stem + ".journal")
        subprocess.run([bin_dir / "stridesim", "walk", script, "--seed", "7", "--quiet",
                        "--journal", journal], check=True, stdout=subprocess.DEVNULL)
        said = subprocess.run([bin_dir / "stridehub", "replay", journal, "--format", "json"],
                              check=True, capture_output=True, text=True).stdout
        for line in said.splitlines():
            yield script.stem, json.loads(line)


def full(bin_dir, form):
    """A record with every field that the program can write in that form, from its unit test."""
    said = subprocess.run([bin_dir / "app_record_test", form], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(said)


def spoiled(record):
    """Records that nobody may take for one: what is wrong, and the record."""
    def change(what, edit):
        other = copy.deepcopy(record)
        edit(other)
        return what, other
    yield change("a field that the rule book does not know", lambda r: r.update(extra=1))
    yield change("another version", lambda r: r.update(schema_version=1))
    yield change("null for absent", lambda r: r.update(hr_mean_bpm=None))
    yield change("minus one for absent", lambda r: r.update(pain_start=-1))
    yield change("pain 11", lambda r: r.update(pain_start=11))
    yield change("no walker", lambda r: r.pop("wearer_id"))
    yield change("an end reason of its own", lambda r: r.update(end_reason="tired"))
    yield change("a mean without a count", lambda r: r["cadence_spm"].pop("n"))
    yield change("a third foot", lambda r: r["stance_pct"].update(M={"mean": 60, "n": 3}))
    yield change("more than all", lambda r: r["coverage"]["R11"].update(coverage_pct=101))
    yield change("a rule without an id", lambda r: r["coverage"].update(limp={"evaluated_s": 1}))
    yield change("a group of its own", lambda r: r["coverage_metrics"].update(mood={"n": 0}))
    yield change("a silent reason",
                 lambda r: r["coverage_metrics"]["cadence"].update(not_evaluated_because=""))
    yield change("an enum's number", lambda r: r.update(body_weight_source=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=TOP / "build/dev/bin")
    bin_dir = parser.parse_args().bin.resolve()
    schema = json.loads((TOP / "hub/app/record.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    passed = failed = 0
    seen = None
    with tempfile.TemporaryDirectory() as folder:
        walks = list(records(bin_dir, pathlib.Path(folder)))
        for name, record in walks + [
                ("published, with every field", full(bin_dir, "--published")),
                ("with every field", full(bin_dir, "--full"))]:
            errors = list(validator.iter_errors(record))
            seen = record
            passed, failed = passed + (not errors), failed + bool(errors)
            print("ok     " if not errors else "FAILED ", name)
            for error in errors[:10]:
                print("    ", "/".join(map(str, error.absolute_path)), error.message[:200])
    if seen is None:
        print("no record")
        return 1
    for what, record in spoiled(seen):
        fine = not validator.is_valid(record)
        passed, failed = passed + fine, failed + (not fine)
        print("ok     " if fine else "FAILED ", "refuses", what)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
