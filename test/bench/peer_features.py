#!/usr/bin/env python3
"""The peer's features, timed: peer_features.py DIR PEER_DIR OUT GROUPBY_CUTOFFS

Reads DIR as the peer does and computes its features once. Prints one JSON document: CPU and wall seconds and peak
memory of each stage as peer.py takes them, and CPU seconds per cutoff of its group-by variant at some cutoffs spread
evenly. Writes the table to OUT in the format of table-files.ts.
"""
import json, os, sys
import numpy as np, pandas as pd

files, peer_dir, out, spread = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
sys.path.insert(0, peer_dir)
sys.dont_write_bytecode = True
import peer

with peer.stage("read"):
    partners = peer.read_partners(files)
    events = peer.read_events(files, partners, lean=True)
with peer.stage("prepare"):
    facts = peer.Facts(events, partners)
with peer.stage("features"):
    names, X, c, p, y, matured = peer.features(facts)
cutoffs = [str(day) + "-01" for day in facts.cutoffs]
if spread:
    with peer.stage("groupby"):
        peer.groupby_features(events, facts, np.linspace(1, len(cutoffs) - 2, spread).round().astype(int))
    peer.STAGES[-1]["cpu_per_cutoff_s"] = peer.STAGES[-1]["cpu_s"] / spread

os.makedirs(out, exist_ok=True)
with open(os.path.join(out, "about.json"), "w") as f:
    json.dump({"names": names, "rows": len(X)}, f)
np.column_stack([c, p]).astype("<i4").tofile(os.path.join(out, "keys.bin"))
with open(os.path.join(out, "values.bin"), "wb") as f:
    for i in range(X.shape[1]):
        np.ascontiguousarray(X[:, i], dtype="<f4").tofile(f)
json.dump({"cutoffs": cutoffs, "stages": {s["stage"]: s for s in peer.STAGES},
           "versions": f"Python {sys.version.split()[0]}, numpy {np.__version__}, pandas {pd.__version__}"}, sys.stdout)
