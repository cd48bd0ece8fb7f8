#!/usr/bin/env python3
"""Other programs on the flows that the example `decode` measures ours with, in one run.

    python3 tests/anchors/run.py DIR

Needs nfdump (Debian) and, from PyPI, duckdb and polars: what is missing is left out and said. All
figures are CPU seconds of one core, user and system, of the program that did the work.
"""

import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

PORT = 29_955
DATAGRAMS_A_SECOND = 6_000
PROFILE = """
SELECT server, server_port, protocol, count(*) AS flows, sum(bytes) AS octets,
       count(DISTINCT subscriber) AS clients, min(start) AS first, max(start) AS last
FROM talks GROUP BY ALL
"""
POLARS = """
import polars as pl
talks = pl.scan_parquet({path!r})
found = talks.group_by("server", "server_port", "protocol").agg(
    pl.len(), pl.col("bytes").sum(), pl.col("subscriber").n_unique(),
    pl.col("start").min().alias("first"), pl.col("start").max().alias("last")).collect()
"""
DUCKDB = """
import duckdb
base = duckdb.connect(config={{"threads": 1}})
base.execute("CREATE VIEW talks AS SELECT * FROM read_parquet(" + repr({path!r}) + ")")
base.execute("CREATE TABLE found AS " + {query!r})
"""


def cpu_seconds(command, **more):
    """CPU seconds of a program that is run to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best(command, **more):
    return min(cpu_seconds(command, **more) for _ in range(3))


def datagrams(path):
    octets = path.read_bytes()
    at = 0
    while at < len(octets):
        (length,) = struct.unpack_from(">I", octets, at)
        yield octets[at + 4 : at + 4 + length]
        at += 4 + length


def captured(directory):
    """Has nfcapd write the hour into a file; that file, and the CPU seconds of nfcapd."""
    kept = directory / "nfcapd"
    kept.mkdir(exist_ok=True)
    for old in kept.iterdir():
        old.unlink()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["nfcapd", "-w", str(kept), "-b", "127.0.0.1", "-p", str(PORT), "-t", "3600"]
    collector = subprocess.Popen(
        [*command, "-B", "4000000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(1)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begun = time.monotonic()
    for number, datagram in enumerate(datagrams(directory / "datagrams")):
        sender.sendto(datagram, ("127.0.0.1", PORT))
        if number % 60 == 0:
            time.sleep(max(0, begun + number / DATAGRAMS_A_SECOND - time.monotonic()))
    time.sleep(1)
    collector.send_signal(signal.SIGTERM)
    collector.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return max(kept.iterdir(), key=lambda path: path.stat().st_size), took


def row(what, flows, seconds):
    print(f"| {what} | {seconds:.2f} | {flows / seconds / 1e6:.2f} |", flush=True)


def importable(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def main():
    directory = Path(sys.argv[1]).resolve()
    load = os.getloadavg()[0]
    example = ["cargo", "run", "--release", "--quiet", "-p", "flow", "--example", "decode", "--"]
    subprocess.run([*example, str(directory)], check=True)
    flows = 24 * sum(1 for _ in datagrams(directory / "datagrams"))
    print(f"\n{flows} flows; load of the machine before: {load:.1f}\n")
    print("| what | CPU s | M flows/s/core |\n|---|---:|---:|")
    try:
        file, took = captured(directory)
        row("nfcapd: UDP to its file", flows, took)
        read = ["nfdump", "-r", str(file)]
        row("nfdump: read, filter `dst port 4444`", flows, best([*read, "-o", "null", "dst port 4444"]))
        by_server = ["-A", "dstip,dstport", "-O", "flows", "-n", "20"]
        row("nfdump: by server", flows, best([*read, *by_server]))
        by_pair = ["-A", "srcip,dstip,dstport", "-O", "flows", "-n", "20"]
        row("nfdump: by client and server", flows, best([*read, *by_pair]))
    except FileNotFoundError as missing:
        print(f"| left out: {missing.filename} is not installed | | |")
    parquet = str(directory / "talks.parquet")
    for name, program in (
        ("duckdb", DUCKDB.format(query=PROFILE, path=parquet)),
        ("polars", POLARS.format(path=parquet)),
    ):
        if importable(name):
            environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
            idle = best([sys.executable, "-c", f"import {name}"], env=environment)
            whole = best([sys.executable, "-c", program], env=environment)
            row(f"{name}: Parquet, by server with its clients", flows, whole - idle)
        else:
            print(f"| left out: {name} is not installed | | |")


main()
