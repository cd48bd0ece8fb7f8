#!/usr/bin/env python3
"""Checks the files of a Noroshi log without Noroshi: Python's standard library and OpenSSL 3.

    verify.py KEY proof.json         an entry is in the log, and says what is shown
    verify.py KEY consistency.json   the older log is the beginning of the newer one

KEY is the text that `noroshi log key` prints, for example `hub.example+1a2b3c4d+AQ...`.
Written from docs/log.md, RFC 6962, RFC 9162 and C2SP signed-note, apart from the program.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unspell(text):
    """base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def open_checkpoint(note, key):
    """(origin, size, root) of a checkpoint that `key` signed (C2SP tlog-checkpoint)."""
    name, key_id, encoded = key.split("+", 2)
    public = base64.b64decode(encoded, validate=True)
    assert public[0] == 1 and len(public) == 33, "not an Ed25519 key"
    own_id = sha256(name.encode(), b"\n", public)[:4]
    assert own_id == bytes.fromhex(key_id), "the key does not have its id"
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and signature[:4] == own_id:
            check_signature(public[1:], text.encode(), signature[4:])
            break
    else:
        raise AssertionError("the checkpoint is not signed with this key")
    origin, size, root = text.splitlines()[:3]
    assert origin == name, "the checkpoint is of another log"
    return origin, int(size), base64.b64decode(root, validate=True)


def check_signature(public, text, signature):
    with tempfile.TemporaryDirectory() as place:
        der = bytes.fromhex("302a300506032b6570032100") + public
        for name, content in [("key", der), ("text", text), ("signature", signature)]:
            with open(f"{place}/{name}", "wb") as out:
                out.write(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
            + ["-inkey", f"{place}/key", "-in", f"{place}/text"]
            + ["-sigfile", f"{place}/signature"],
            capture_output=True,
        )
    assert done.returncode == 0, "the signature is wrong"


def check_inclusion(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    assert index < size, "the entry is not in a log of this size"
    node, last, computed = index, size - 1, leaf
    for sibling in path:
        assert last > 0, "the path is too long"
        if node & 1 or node == last:
            computed = sha256(b"\x01", sibling, computed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            computed = sha256(b"\x01", computed, sibling)
        node, last = node >> 1, last >> 1
    assert last == 0 and computed == root, "the path does not lead to the root"


def check_consistency(old_size, old_root, new_size, new_root, path):
    """RFC 9162, section 2.1.4.2."""
    assert 0 < old_size <= new_size, "give an older log of at least one entry"
    if old_size == new_size:
        assert not path and old_root == new_root, "two logs of one size"
        return
    if old_size & (old_size - 1) == 0:
        path = [old_root] + path
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        assert last > 0, "the path is too long"
        if node & 1 or node == last:
            old, new = sha256(b"\x01", sibling, old), sha256(b"\x01", sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = sha256(b"\x01", new, sibling)
        node, last = node >> 1, last >> 1
    assert last == 0 and old == old_root and new == new_root, "the log was rewritten"


def commitment(label, salt, payload):
    """SHA-256 over four parts, each after its length in eight bytes."""
    parts = [b"noroshi/commitment/v1", label.encode(), salt, payload]
    return sha256(*(len(part).to_bytes(8, "big") + part for part in parts))


def check(key, file):
    path = [unspell(text) for text in file["path"]]
    if file["format"] == "noroshi-log-consistency-1":
        _, old_size, old_root = open_checkpoint(file["old_checkpoint"], key)
        _, new_size, new_root = open_checkpoint(file["new_checkpoint"], key)
        check_consistency(old_size, old_root, new_size, new_root, path)
        return f"holds: the log of {old_size} entries is the beginning of that of {new_size}"
    assert file["format"] == "noroshi-log-proof-1", "not a file of this log"
    origin, size, root = open_checkpoint(file["checkpoint"], key)
    hashed = unspell(file["commitment"])
    entry = f"noroshi-log-entry-1\n{file['hub']}\n{hashed.hex()}\n".encode()
    check_inclusion(sha256(b"\x00", entry), file["index"], size, path, root)
    said = f"holds: entry {file['index']} of {size} is in the log of {origin}"
    opening = file.get("opening")
    if opening is None:
        return said + "\n  content: not in this file"
    payload = unspell(opening["payload"])
    opened = commitment(opening["label"], unspell(opening["salt"]), payload)
    assert opened == hashed, "the content shown is not what was logged"
    return said + "".join(f"\n  {line!a}" for line in payload.decode().split("\n"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as source:
        content = json.load(source)
    try:
        for one in content if isinstance(content, list) else [content]:
            print(check(sys.argv[1].strip(), one))
    except (AssertionError, ValueError, KeyError) as fault:
        sys.exit(f"DOES NOT HOLD: {fault}")
