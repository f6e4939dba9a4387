#!/usr/bin/env python3
"""Runs the orders example like a user. Both orders are stored and handled, then SIGINT stops it.

    run_test.py PROGRAM [BROKERS]
"""

import os
import pty
import signal
import subprocess
import sys

PATIENCE = 60  # seconds

terminal, program_side = pty.openpty()  # the program would buffer its lines for a pipe
program = subprocess.Popen(sys.argv[1:], stdout=program_side, stderr=program_side)
os.close(program_side)
signal.signal(signal.SIGALRM, lambda *_: program.kill())
signal.alarm(PATIENCE)

wanted = {"2 stored", "Ada orders a book", "Ben orders tea"}
printed = ""
try:
    while not wanted <= set(printed.splitlines()):
        printed += os.read(terminal, 4096).decode().replace("\r\n", "\n")
except OSError:  # the program has ended
    sys.exit(f"the program ended with {program.wait()}, output:\n{printed}")
program.send_signal(signal.SIGINT)
if program.wait() != 0:
    sys.exit(f"the program ended with {program.returncode} after SIGINT, output:\n{printed}")
