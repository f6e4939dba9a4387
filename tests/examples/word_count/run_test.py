#!/usr/bin/env python3
"""Runs word_count like a user, and checks its output, its report and the files it leaves.

    run_test.py PROGRAM FOLDER [unittest options, e.g. Totals]

Creates all files in FOLDER. If OTTLA_SMALL is set, the large input is small. If OTTLA_BROKERS is
set, the tests of class Broker run against that Kafka.
"""

import collections
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import unittest

PROGRAM = FOLDER = None
LICENSES = pathlib.Path("/usr/share/common-licenses")
SMALL = bool(os.environ.get("OTTLA_SMALL"))
PATIENCE = 300


def coreutils_count(file):
    """Returns the counts that the README's pipeline prints, without the empty word."""
    pipeline = "tr -cs '[:alnum:]' '\\n' | tr A-Z a-z | sort | uniq -c"
    with open(file, "rb") as text:
        printed = subprocess.run(["sh", "-c", pipeline], stdin=text, stdout=subprocess.PIPE,
                                 env={**os.environ, "LC_ALL": "C"}, check=True).stdout
    rows = (row.split() for row in printed.decode("ascii").splitlines())
    return {row[1]: int(row[0]) for row in rows if len(row) == 2}


def made(name, write):
    """Returns a file in FOLDER, which `write` fills the first time."""
    file = FOLDER / name
    if not file.exists():
        unfinished = FOLDER / (name + ".part")
        with open(unfinished, "wb") as out:
            write(out)
        unfinished.rename(file)
    return file


def odd_text(out):
    """Writes everything that a text file may contain."""
    for license in sorted(LICENSES.iterdir()):
        out.write(license.read_bytes().rstrip(b"\n"))  # the last line continues in the next license
    out.write("\nÄpfel, naïve Café; 日本 x\n".encode())
    out.write("Äpfel, naïve Café\n".encode("latin-1"))
    out.write(b"one\r\ntwo\r\n\r\nold mac\rline\r\n\t \x0b\x0c\x7f\x01\n")
    words = (LICENSES / "GPL-3").read_bytes().split()
    for _ in range(20):
        out.write(b" ".join(words))  # 30 KB each: one line of 600 KB
    out.write(b"\n" + b"-" * 200_000 + b"end\n")
    out.write(b"x" * 65_536 + b"\n")
    out.write(b"no newline at the end")


def repeated_text(size):
    """Returns a function that writes `size` bytes or more of repeated real text."""
    def write(out):
        block = b"".join(file.read_bytes() for file in sorted(LICENSES.iterdir())) * 10
        while out.tell() < size:
            out.write(block)
    return write


def large_file():
    if SMALL:
        return made("large_small.txt", repeated_text(5_000_000))
    return made("large.txt", repeated_text(100_000_001))


def file_that_takes_seconds():
    """A file that takes seconds on any machine, so that a test can interrupt the work."""
    return made("large.txt", repeated_text(100_000_001))


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                          text=True, **options)


class Case(unittest.TestCase):
    def setUp(self):
        self.report = FOLDER / (self.id().rpartition(".")[2] + ".json")
        self.report.unlink(missing_ok=True)

    def counted(self, *arguments):
        began = time.monotonic()
        done = run("--report", self.report, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(self.report.read_text())
        print(f"{self.id()}: {time.monotonic() - began:.1f} s, {report['lines']}, "
              f"{report['kills']} kills, {report['restarts']} restarts", file=sys.stderr)
        return done, report

    def check_exact(self, report, *files):
        expected = collections.Counter()
        for file in files:
            expected.update(coreutils_count(file))
        self.assertEqual(report["words"], dict(expected))
        self.assertEqual(report["lines"]["lost"], 0)
        self.assertEqual(report["lines"]["consumed"], report["lines"]["produced"])


class Totals(Case):
    """The totals equal the totals that coreutils print."""

    def test_of_the_default_input(self):
        done, report = self.counted()
        self.check_exact(report, LICENSES / "GPL-3")
        self.assertEqual(report["lines"], {"produced": 674, "consumed": 674, "acknowledged": 674,
                                           "redelivered": 0, "lost": 0})
        self.assertEqual((report["restarts"], report["kills"], report["rebalances"]), (0, 0, 1))
        self.assertGreater(report["seconds"], 0)
        self.assertTrue(report["complete"])
        self.assertRegex(done.stdout, r"^ +345  the\n +221  of\n")
        self.assertIn("\nlines     674 produced, 674 consumed", done.stdout)

    def test_of_odd_text(self):
        file = made("odd.txt", odd_text)
        _, report = self.counted(file)
        self.check_exact(report, file)

    def test_of_several_files(self):
        files = [made("odd.txt", odd_text), LICENSES / "GPL-3", LICENSES / "GPL-3"]
        _, report = self.counted(*files)
        self.check_exact(report, *files)

    def test_of_a_million_empty_lines(self):
        # Empty lines have few bytes, and still fill the embedded cluster's log.
        file = made("empty_lines.txt",
                    lambda out: out.write(b"\n" * (100_000 if SMALL else 1_000_000) + b"end"))
        _, report = self.counted(file)
        self.assertEqual(report["words"], {"end": 1})
        self.assertEqual(report["lines"]["lost"], 0)

    def test_of_text_without_words(self):
        file = made("no_words.txt", lambda out: out.write(b"--\n\n!\n"))
        _, report = self.counted(file)
        self.assertEqual(report["words"], {})
        self.assertEqual(report["lines"]["consumed"], 3)


class Large(Case):
    def test_totals_of_a_large_file(self):
        file = large_file()
        _, report = self.counted(file)
        self.check_exact(report, file)
        self.assertEqual(report["lines"]["acknowledged"], report["lines"]["consumed"])


class Chaos(Case):
    """The totals are exact although twenty processes are killed."""

    def test_totals_of_odd_text(self):
        file = made("odd.txt", odd_text)
        done, report = self.counted("--chaos", 20, file)
        self.check_exact(report, file)
        self.assertEqual(report["kills"], 20)
        self.assertGreaterEqual(report["restarts"], 20)
        self.assertRegex(done.stdout, r"\nchaos     seed \d+\n")

    def test_of_one_line(self):
        file = made("one_line.txt", lambda out: out.write(b"one line"))
        _, report = self.counted("--chaos", 20, file)
        self.assertEqual(report["words"], {"one": 1, "line": 1})
        self.assertEqual(report["kills"], 20)


class BadInput(Case):
    """Bad input is named in one line on stderr.

    stdout is empty, no file is left, and the status is not 0.
    """

    def refused(self, status, named, *arguments):
        before = sorted(FOLDER.iterdir())
        done = run("--report", self.report, *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Aword_count: [^\n]+\n\Z")
        self.assertIn(named, done.stderr)
        self.assertEqual(sorted(FOLDER.iterdir()), before)

    def test_missing_file(self):
        self.refused(1, '"/nowhere/a.txt": no such file', "/nowhere/a.txt")

    def test_second_file_missing(self):
        self.refused(1, '"/nowhere/a.txt": no such file', LICENSES / "GPL-3", "/nowhere/a.txt")

    def test_directory(self):
        self.refused(1, f'"{LICENSES}" is a directory', LICENSES)

    def test_empty_file(self):
        file = made("empty.txt", lambda out: None)
        self.refused(1, f'"{file}" is empty', file)

    def test_binary_file(self):
        file = made("binary", lambda out: out.write(b"\x7fELF\0\0text"))
        self.refused(1, f'"{file}" is a binary file', file)

    def test_device(self):
        self.refused(1, '"/dev/null" is not a regular file', "/dev/null")

    def test_unknown_option(self):
        self.refused(2, "--nonsense", "--nonsense")

    def test_bad_values(self):
        for option in ("--chaos", "--seed", "--top"):
            for value in ("many", "-1", "1.5"):
                with self.subTest(option=option, value=value):
                    self.refused(2, option, option, value)

    def test_too_much(self):
        for option in ("--chaos", "--top"):
            with self.subTest(option=option):
                self.refused(2, option, option, "99999999999999999999")

    def test_empty_values(self):
        for option in ("--brokers", "--report"):
            with self.subTest(option=option):
                self.refused(2, option, option, "")

    def test_report_onto_the_input(self):
        file = made("input.txt", lambda out: out.write(b"precious words"))
        self.report = file
        self.refused(1, f'the report cannot be written to "{file}"', file)
        self.assertEqual(file.read_bytes(), b"precious words")

    def test_report_whose_unfinished_form_is_a_folder(self):
        self.report = FOLDER / "blocked.json"
        part = FOLDER / "blocked.json.part"
        part.mkdir(exist_ok=True)
        self.addCleanup(part.rmdir)
        self.refused(1, f'"{self.report}" cannot be written')

    def test_output_that_cannot_be_written(self):
        for output in ("/dev/full", "&-"):
            with self.subTest(output=output):
                done = subprocess.run(["sh", "-c", f'exec "$0" >{output}', PROGRAM],
                                      stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                      text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 1)
                self.assertTrue(done.stderr.endswith("word_count: the output cannot be written\n"),
                                done.stderr)

    def test_missing_value(self):
        self.refused(2, "--brokers", "--brokers")

    def test_unreachable_broker(self):
        self.refused(1, "127.0.0.1:1", "--brokers", "127.0.0.1:1")

    def test_invalid_broker(self):
        # The text is not quoted, because it might be a password in the wrong place.
        self.refused(1, "brokers: broker 1 ", "--brokers", "not a host")

    def test_unwritable_report(self):
        for path in ("/nowhere/report.json", str(FOLDER)):
            with self.subTest(path=path):
                self.report = path
                self.refused(1, f'"{path}" cannot be written')


class Interrupted(Case):
    """A run that a test disturbs."""

    def start(self, *arguments):
        self.running = subprocess.Popen(
            [PROGRAM, "--report", self.report, *map(str, arguments)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.running.kill)

    def wait_until_it_works(self):
        """Waits until some of the work is done. Most of the work is still left then."""
        until = time.monotonic() + PATIENCE
        while select.select([self.running.stderr], [], [], until - time.monotonic())[0]:
            line = self.running.stderr.readline()
            progress = re.match(r" *(\d+) %", line)
            if progress or not line:
                self.assertTrue(progress, "word_count ended before it showed any progress")
                self.assertLess(int(progress[1]), 100)
                return
        self.fail("word_count shows no progress")


class Interrupt(Interrupted):
    """After Ctrl-C, word_count drains the group and reports the words that it has counted."""

    def wait_until_it_catches(self, number):
        """Waits until the signal handler is installed, which only the kernel reports."""
        status = pathlib.Path(f"/proc/{self.running.pid}/status")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            caught = next(row for row in status.read_text().splitlines() if row.startswith("SigCgt"))
            if int(caught.split()[1], 16) >> (number - 1) & 1:
                return
            select.select([], [], [], 0.005)
        self.fail("word_count never catches the signal")

    def interrupted(self):
        began = time.monotonic()
        self.running.send_signal(signal.SIGINT)
        printed, complaints = self.running.communicate(timeout=PATIENCE)
        took = time.monotonic() - began
        print(f"{self.id()}: ended after {took:.2f} s", file=sys.stderr)
        self.assertEqual(self.running.returncode, 130, complaints)
        self.assertLess(took, 10 if SMALL else 2)
        self.assertIn("incomplete: stopped with", printed)
        self.assertNotIn("word_count:", complaints)
        return json.loads(self.report.read_text())

    def test_in_the_middle_of_the_work(self):
        self.start(file_that_takes_seconds())
        self.wait_until_it_works()
        report = self.interrupted()
        self.assertFalse(report["complete"])
        lines = report["lines"]
        self.assertGreater(lines["consumed"], 0)
        self.assertEqual(lines["lost"], 0)
        self.assertEqual(lines["acknowledged"], lines["consumed"])

    def test_in_the_middle_of_chaos(self):
        self.start("--chaos", 50, file_that_takes_seconds())
        self.wait_until_it_works()
        self.interrupted()

    def test_while_no_group_is_joined(self):
        self.start(LICENSES / "GPL-3")
        self.wait_until_it_catches(signal.SIGINT)
        report = self.interrupted()
        self.assertEqual(report["lines"]["consumed"], 0)
        self.assertEqual(report["words"], {})


class ChangedInput(Interrupted):
    """If the input changes, word_count names the input and reports the words already counted."""

    def test_that_becomes_shorter(self):
        file = FOLDER / "cut.txt"
        shutil.copy(file_that_takes_seconds(), file)
        self.addCleanup(file.unlink)
        self.start(file)
        self.wait_until_it_works()
        os.truncate(file, 1)
        printed, complaints = self.running.communicate(timeout=PATIENCE)
        self.assertEqual(self.running.returncode, 1)
        self.assertIn("incomplete: stopped with", printed)
        self.assertTrue(complaints.endswith(f'word_count: "{file}" became shorter during the run\n'),
                        complaints)
        self.assertEqual(json.loads(self.report.read_text())["lines"]["lost"], 0)


class Tree(Case):
    """--tree prints the tree of the program at work, however short the work is."""

    def check_tree(self, *files):
        done, _ = self.counted("--tree", *files)
        for id in ("word_count", "words", "registry", "producing", "producer",
                   "group_supervisor", "coordinator", "acknowledger",
                   "worker_supervisor", "worker/lines/0", "worker/lines/3", "group_manager",
                   "feeder", "progress"):
            self.assertIn(id, done.stdout)
        self.assertNotIn("ending", done.stdout)

    def test_of_the_default_input(self):
        self.check_tree()

    def test_of_one_line(self):
        self.check_tree(made("one_line.txt", lambda out: out.write(b"one line")))

    def test_help_is_printed(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--chaos", done.stdout)
        self.assertEqual(done.stderr, "")


@unittest.skipUnless(os.environ.get("OTTLA_BROKERS"), "OTTLA_BROKERS is not set")
class Broker(Case):
    """Runs against Apache Kafka."""

    def test_totals(self):
        file = made("odd.txt", odd_text)
        _, report = self.counted("--brokers", os.environ["OTTLA_BROKERS"], file)
        self.check_exact(report, file)

    def test_totals_with_chaos(self):
        file = made("odd.txt", odd_text)
        _, report = self.counted("--brokers", os.environ["OTTLA_BROKERS"], "--chaos", 20, file)
        self.check_exact(report, file)
        self.assertEqual(report["kills"], 20)

    def test_interrupted(self):
        interrupt = Interrupt("test_in_the_middle_of_the_work")
        interrupt.report = self.report
        interrupt.start("--brokers", os.environ["OTTLA_BROKERS"], file_that_takes_seconds())
        self.addCleanup(interrupt.doCleanups)
        interrupt.wait_until_it_works()
        interrupt.interrupted()


if __name__ == "__main__":
    PROGRAM, FOLDER = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
    FOLDER.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=0)
