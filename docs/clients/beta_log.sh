#!/bin/sh
# beta_log: a script's own lines, to the log of the sidecar beside it. Needs curl; copy it.
#   beta_log.sh LEVEL MESSAGE [KEY=VALUE]...    one line; values are text
#   some-command 2>&1 | beta_log.sh -           each line of it a message, 256 KiB at most
# The sidecar is that of http_proxy, else 127.0.0.1:15001. It ends with 0 whatever happens, so that
# no script stops for its log; what was not taken is said on stderr.

# The inside of a JSON string. Control characters become blanks; what is not UTF-8 goes.
text() {
    printf %s "$1" | { iconv -c -f utf-8 -t utf-8 2>/dev/null || cat; } |
        LC_ALL=C tr '\001-\037' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g'
}

object() {
    printf '{"level":"%s","message":"%s"' "$(text "$1")" "$(text "$2")"
    shift 2
    for field; do
        printf ',"%s":"%s"' "$(text "${field%%=*}")" "$(text "${field#*=}")"
    done
    printf '}'
}

post() {
    status=$(curl --silent --max-time 5 --proxy "${http_proxy:-127.0.0.1:15001}" --noproxy '' \
        --header "Content-Type: $1" --data-binary @- --output /dev/null --write-out '%{http_code}' \
        http://beta.internal/v1/logs)
    [ "$status" = 202 ] || printf 'beta_log: not taken: %s\n' "$status" >&2
}

case ${1-} in
    -) post text/plain ;;
    ?*) [ $# -gt 1 ] || set -- "$1" ''
        object "$@" | post application/json ;;
    *) printf 'beta_log: LEVEL MESSAGE [KEY=VALUE]..., or - for lines of stdin\n' >&2 ;;
esac
exit 0
