#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grouping accuracy of `gallery-ops logs` on labelled logs.

usage: logs_grouping.py PROGRAM --data DIR

DIR holds a folder NAME for each log, in it NAME_2k.log_structured.csv with the columns Content and
EventId as LogHub publishes them, and optionally corrected.csv with the column EventTemplate. Only the
content is analysed. A group is right when it equals a group of either labelling.

GA: lines in right groups / lines. FGA: harmonic mean of right groups / groups found and right groups /
true groups (Jiang et al., "A Large-Scale Evaluation for Log Parsing Techniques", ISSTA 2024).
"""
import argparse
import collections
import csv
import pathlib
import subprocess
import tempfile


def read(path, column):
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def groups(labels):
    lines = collections.defaultdict(set)
    for line, label in enumerate(labels):
        lines[label].add(line)
    return {frozenset(group) for group in lines.values()}


def found_by(program, contents):
    with tempfile.TemporaryDirectory() as folder:
        log, table = pathlib.Path(folder, "in.log"), pathlib.Path(folder, "out.csv")
        log.write_text("".join(content.replace("\n", " ") + "\n" for content in contents), encoding="utf-8")
        subprocess.run([program, "--no-history", "logs", log, "--assignments", table, "-q"],
                       stdout=subprocess.DEVNULL, check=False, timeout=60)
        return read(table, "EventId")


def score(program, folder):
    name = folder.name
    labelled = folder / f"{name}_2k.log_structured.csv"
    truth = groups(read(labelled, "EventId"))
    corrected = folder / "corrected.csv"
    also = groups(read(corrected, "EventTemplate")) if corrected.exists() else set()
    ids = found_by(program, read(labelled, "Content"))
    found = groups(ids)
    right = [group for group in found if group in truth or group in also]
    accuracy = sum(map(len, right)) / len(ids)
    precision, recall = len(right) / len(found), min(1, len(right) / len(truth))
    return accuracy, 2 * precision * recall / (precision + recall) if right else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    scores = []
    for folder in sorted(path for path in arguments.data.iterdir() if path.is_dir()):
        scores.append(score(arguments.program, folder))
        print(f"{folder.name:12} GA {scores[-1][0]:.3f}  FGA {scores[-1][1]:.3f}")
    count = len(scores)
    print(f"{'mean':12} GA {sum(a for a, _ in scores) / count:.3f}  FGA {sum(f for _, f in scores) / count:.3f}")


if __name__ == "__main__":
    main()
