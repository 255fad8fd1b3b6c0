# Functions that do pieces of work side by side; to be sourced by bash.
#
#   queue_add STAGE CMD..   a piece of work of a stage; CMD may be a function
#   queue_run               do all pieces that were added, $JOBS at once, in their order;
#                           calls piece_done N in the caller's shell as each ends, which
#                           may add more
#   queue_stop              end the pieces that are running, and wait for them
#
# and in a piece
#
#   count OK FAILED [SKIPPED [REMARK]]    what it found
#   $SLOT                   1 .. $JOBS: no other running piece has the same
#
# A piece is a process group of its own. Its output goes to $WORK/pieces/N.log,
# its counts to N.counts when it ends; queue_sum adds those of a stage up. A
# piece that ends without counts, or is ended, is one failure.

PIECE_STAGE=() PIECE_COMMAND=() PIECE_STATE=()	# state: waiting, running, done
declare -A PIECE_OF=() SLOT_OF=()		# by process id

queue_add() {
	PIECE_STAGE+=("$1")
	shift
	PIECE_COMMAND+=("$(printf '%q ' "$@")")
	PIECE_STATE+=(waiting)
}

count() { COUNTS+=("$1 $2 ${3:-0} ${4:-}"); }

# piece_run N: do piece N, in a subshell
piece_run() {
	local file=$WORK/pieces/$1 started=$SECONDS
	COUNTS=()
	trap - EXIT PIPE
	trap 'exit 143' INT TERM HUP
	eval "${PIECE_COMMAND[$1]}"
	[ ${#COUNTS[@]} != 0 ] || return 1
	printf '%s\n' "$((SECONDS - started))" "${COUNTS[@]}" >"$file.new" && mv "$file.new" "$file.counts"
}

# Start the next waiting piece in a free slot; false if there is none of either.
queue_start() {
	local n slot pid
	for slot in $(seq "$JOBS"); do
		[[ " ${SLOT_OF[*]} " == *" $slot "* ]] || break
	done
	[ ${#SLOT_OF[@]} -lt "$JOBS" ] || return 1
	for n in "${!PIECE_STATE[@]}"; do
		[ "${PIECE_STATE[n]}" != waiting ] || break
	done
	[ "${PIECE_STATE[n]-}" = waiting ] || return 1
	set -m		# a process group for each
	SLOT=$slot piece_run "$n" >"$WORK/pieces/$n.log" 2>&1 &
	pid=$!
	set +m
	PIECE_STATE[n]=running PIECE_OF[$pid]=$n SLOT_OF[$pid]=$slot
}

queue_run() {
	local pid n status
	mkdir -p "$WORK/pieces"
	while :; do
		while queue_start; do :; done
		[ ${#PIECE_OF[@]} != 0 ] || break
		pid=
		wait -n -p pid "${!PIECE_OF[@]}"
		status=$?
		[ -n "$pid" ] || return 1
		n=${PIECE_OF[$pid]}
		unset "PIECE_OF[$pid]" "SLOT_OF[$pid]"
		kill -KILL -- "-$pid" 2>/dev/null	# what it may have left behind
		[ -e "$WORK/pieces/$n.counts" ] ||
			echo "ended with status $status and without a result: ${PIECE_COMMAND[n]}" >>"$WORK/pieces/$n.log"
		PIECE_STATE[n]=done
		piece_done "$n"
	done
}

queue_stop() {
	local pid n
	for pid in "${!PIECE_OF[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null
	done
	for n in $(seq 50); do
		kill -0 "${!PIECE_OF[@]}" 2>/dev/null || break
		sleep 0.1
	done
	for pid in "${!PIECE_OF[@]}"; do
		kill -KILL -- "-$pid" 2>/dev/null
	done
	[ ${#PIECE_OF[@]} = 0 ] || wait "${!PIECE_OF[@]}" 2>/dev/null
	PIECE_OF=() SLOT_OF=()
}

# queue_pieces STAGE: print the numbers of its pieces
queue_pieces() {
	local n
	for n in "${!PIECE_STAGE[@]}"; do
		[ "${PIECE_STAGE[n]}" != "$1" ] || echo "$n"
	done
}

# queue_sum STAGE: print "SECONDS OK FAILED SKIPPED REMARK" of its pieces
queue_sum() {
	local n
	for n in $(queue_pieces "$1"); do
		cat "$WORK/pieces/$n.counts" 2>/dev/null || printf '0\n0 1 0 no result\n'
	done | awk '
		NF == 1 { seconds += $1; next }
		{ ok += $1; bad += $2; skipped += $3; $1 = $2 = $3 = ""; sub(/^ +/, "") }
		$0 != "" && !seen[$0]++ { remark = remark (remark == "" ? "" : ", ") $0 }
		END { print seconds + 0, ok + 0, bad + 0, skipped + 0, remark }'
}
