#!/usr/bin/env bash
# postgres.sh COMMAND…: runs the command beside a private PostgreSQL 15 whose address is in XW_TEST_POSTGRES_URL.
#
# The cluster lies in a temporary folder, listens on the loopback alone, gives up durability for speed, and is
# gone afterwards, however the command ends.
set -euo pipefail

if (($# == 0)); then
	echo "usage: ${0##*/} COMMAND…" >&2
	exit 2
fi

bin=${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
if [[ ! -x $bin/initdb || ! -x $bin/pg_ctl ]] || [[ $("$bin/postgres" --version) != *" 15."* ]]; then
	echo "postgres.sh: PostgreSQL 15 is missing from $bin; as root: apt-get install postgresql-15" >&2
	exit 1
fi

# PostgreSQL refuses to run as root.
as_owner=()
owner=$(id -un)
if [[ $(id -u) == 0 ]]; then
	owner=nobody
	if id -u postgres >/dev/null 2>&1; then owner=postgres; fi
	as_owner=(runuser -u "$owner" --)
fi

folder=$(mktemp -d)
child=
running=false
stop() {
	trap - EXIT INT TERM HUP
	if [[ -n $child ]]; then kill -TERM -- "-$child" 2>/dev/null || true; fi
	if $running; then "${as_owner[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate -s || true; fi
	rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

chown "$owner" "$folder"
# From a folder that the owner may enter, in a language whose messages and sorting are the same everywhere.
in_folder() { (cd "$folder" && LC_ALL=C "${as_owner[@]}" "$@"); }

if ! in_folder "$bin/initdb" -D "$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \
	--lc-collate=C --no-sync >"$folder/initdb.log" 2>&1; then
	cat "$folder/initdb.log" >&2
	exit 1
fi

# A port may be taken between choosing and using it: try another one then.
for _ in 1 2 3 4 5; do
	port=$((20000 + RANDOM % 12000))
	if in_folder "$bin/pg_ctl" start -D "$folder/data" -w -s -t 60 -l "$folder/log" -o "-p $port -h 127.0.0.1 \
		-k $folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"; then
		running=true
		break
	fi
done
if ! $running; then
	echo "postgres.sh: PostgreSQL did not start:" >&2
	cat "$folder/log" >&2
	exit 1
fi

export XW_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres

# In a process group of its own, so that a signal to this script ends the command with all its children.
set -m
"$@" </dev/null &
child=$!
set +m
status=0
wait "$child" || status=$?
child=
exit "$status"
