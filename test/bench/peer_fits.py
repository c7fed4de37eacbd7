#!/usr/bin/env python3
"""The peer's fits, timed: peer_fits.py DIR PEER_DIR OUT

Computes the peer's features of DIR and writes the matrix to OUT: about.json, and as little-endian numbers, row after
row, values.bin (float32), cutoffs.bin, partners.bin (int32) and outcomes.bin (int8). Then, for every line that it reads,
it fits what the line names (logistic, hgb, xgboost, shap) on one thread, as peer.py does, and answers with a line of
JSON: CPU seconds, and AUC and log loss on the later rows. It ends with its input.
"""
import json, os, sys
import numpy as np

files, peer_dir, out = sys.argv[1:4]
sys.path.insert(0, peer_dir)
sys.dont_write_bytecode = True
import peer
import sklearn, xgboost as xgb
from sklearn.metrics import log_loss, roc_auc_score
from threadpoolctl import threadpool_limits

partners = peer.read_partners(files)
facts = peer.Facts(peer.read_events(files, partners, lean=True), partners)
names, X, c, p, y, matured = peer.features(facts)
first_test = int(np.flatnonzero(matured)[-3])
train, test, last = c < first_test, (c >= first_test) & matured[c], c == len(facts.cut) - 1
os.makedirs(out, exist_ok=True)
X.astype("<f4").tofile(os.path.join(out, "values.bin"))
c.astype("<i4").tofile(os.path.join(out, "cutoffs.bin"))
p.astype("<i4").tofile(os.path.join(out, "partners.bin"))
y.astype("<i1").tofile(os.path.join(out, "outcomes.bin"))
about = {"names": names, "rows": len(X), "firstTest": first_test, "matured": [bool(m) for m in matured],
         "cutoffs": [str(day) + "-01" for day in facts.cutoffs],
         "versions": f"scikit-learn {sklearn.__version__}, xgboost {xgb.__version__}"}
with open(os.path.join(out, "about.json"), "w") as f:
    json.dump(about, f)
print("ready", flush=True)

makers = {"logistic": "logistic_1t", "hgb": "hgb_1t", "xgboost": "xgboost_1t"}
models = {name: make for name, _, make in peer.models()}
fitted = {}
for line in sys.stdin:
    what = line.strip()
    with threadpool_limits(1):
        if what == "shap":
            booster, rows = fitted["xgboost"].get_booster(), xgb.DMatrix(X[last], nthread=1)
            booster.set_param({"nthread": 1})
            before = peer.cpu()
            booster.predict(rows, pred_contribs=True)
            print(json.dumps({"cpu": peer.cpu() - before, "rows": int(last.sum())}), flush=True)
            continue
        A, B = X[train], X[test]
        if what == "logistic":
            A, B = A.astype(np.float64), B.astype(np.float64)
        before = peer.cpu()
        fitted[what] = models[makers[what]]().fit(A, y[train])
        took = peer.cpu() - before
        q = fitted[what].predict_proba(B)[:, 1]
    print(json.dumps({"cpu": took, "auc": roc_auc_score(y[test], q), "logLoss": log_loss(y[test], q)}), flush=True)
