#!/usr/bin/env bash
# The benchmarks: everything measured side by side in one run on this machine. Results go to docs/benchmarks/.
# usage: bench.sh [SMALL] [LARGE]   documents of the two demonstrations, 100000 and 1000000 when not given
set -euo pipefail
cd "$(dirname "$0")/.."
small=${1:-100000}; large=${2:-1000000}
command -v nginx >/dev/null || { echo "bench needs nginx: apt-get install nginx-light" >&2; exit 1; }
cargo build --release --locked -p bindery -p bindery-bench
program=target/release/bindery; work=target/bench; mkdir -p "$work"
load=""
for n in "$small" "$large"; do
    if [ ! -e "$work/data-$n.json" ]; then
        rm -rf "$work/data-$n"
        begun=$(date +%s.%N)
        "$program" demo --documents "$n" --data-dir "$work/data-$n" --json >"$work/tree.json"
        took=$(echo "$(date +%s.%N) - $begun" | bc)
        mv "$work/tree.json" "$work/data-$n.json"
        load+="- \`bindery demo --documents $n\`: ${took%.*} s, $(echo "$n / $took" | bc) documents/s (at least 3000 wanted at 1,000,000)"$'\n'
    fi
done
# Measured on copies, since commits are measured too.
for n in "$small" "$large"; do
    rm -rf "$work/run/data-$n"; mkdir -p "$work/run"
    cp -a --reflink=auto "$work/data-$n" "$work/data-$n.json" "$work/run/"
done
sync
target/release/bindery-bench "$program" "$work/run" "$small" "$large" >"$work/table.md"
mkdir -p docs/benchmarks
out=docs/benchmarks/$(date +%F).md
{
    echo "# Benchmarks of $(date +%F)"
    echo
    echo "$(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), $(free -g | awk '/^Mem/ {print $2}') GiB of memory, $(uname -sr), file system $(stat -f -c %T "$work"); commit $(git rev-parse --short HEAD)."
    echo "Everything ran on this one machine, the load generator included. Ratios count, not figures: both sides were measured in turn in the same run."
    echo
    printf '%s\n' "$load"
    cat "$work/table.md"
} >"$out"
rm -rf "$work/run"
echo "results are in $out"
