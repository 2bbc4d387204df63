"""What the runs of a campaign against one binary came to, added up: what is broken off goes on from there."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys

from bed import ROOT, write_result

KINDS = ("lost", "twice", "chain")


class Tally:
    """Counts that are kept as long as the binary is the same; `RESET=1` begins anew."""

    def __init__(self, name, binary, counts):
        self.name, self.file = name, ROOT / f".results/{name}.state.json"
        fresh = {
            "binary": hashlib.sha256(pathlib.Path(binary).read_bytes()).hexdigest(), **dict.fromkeys(counts, 0),
            "lost": 0, "twice": 0, "other": 0, "chain": "ok", "outcomes": {}}
        self.state = fresh
        if self.file.exists() and not os.environ.get("RESET"):
            stored = json.loads(self.file.read_text())
            if stored["binary"] == fresh["binary"] and stored.keys() == fresh.keys():
                self.state = stored
        self.counts, self.done = counts, 0

    def add(self, counts, outcomes, violations):
        """One run more, on the disk when it returns."""
        for key in self.counts:
            self.state[key] = round(self.state[key] + counts[key], 3)
        for outcome, count in outcomes.items():
            self.state["outcomes"][outcome] = self.state["outcomes"].get(outcome, 0) + count
        self.done += min(counts["acked"], counts["executed"])
        kinds = [violation.split(":")[0] for violation in violations]
        self.state["lost"] += kinds.count("lost")
        self.state["twice"] += kinds.count("twice")
        self.state["other"] += len([kind for kind in kinds if kind not in KINDS])
        if "chain" in kinds:
            self.state["chain"] = "broken"
        self.save()

    def save(self):
        self.file.parent.mkdir(exist_ok=True)
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(self.state))
        new.rename(self.file)

    def run(self, batch, kills, size, beds):
        """`batch(kills, number)` again and again, several side by side; each gives counts, outcomes and violations."""
        sizes = [min(size, kills - done) for done in range(0, kills, size)]
        with concurrent.futures.ThreadPoolExecutor(beds) as pool:
            for ended in concurrent.futures.as_completed([pool.submit(batch, *one) for one in zip(sizes, range(kills))]):
                if error := ended.exception():
                    # Known for good, too: what it had acknowledged was never looked for.
                    print(f"{self.name}: a batch could not be ended: {error}", file=sys.stderr)
                    self.state["other"] += 1
                    self.save()
                else:
                    self.add(*ended.result())

    def end(self, before, after):
        """Says what it is, with what is to be said before and after; the status to end with."""
        state = self.state
        write_result(self.name, {
            **before, **{key: state[key] for key in (*self.counts, "lost", "twice", "other", "chain")}, **after})
        print("outcomes: " + " ".join(f"{name}={count}" for name, count in sorted(state["outcomes"].items())), file=sys.stderr)
        is_clean = state["lost"] == state["twice"] == state["other"] == 0 and state["chain"] == "ok"
        # One that did nothing has found nothing.
        return 0 if is_clean and self.done > 0 else 1
