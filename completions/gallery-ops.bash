# bash completion for gallery-ops
# Generated from the command table; scripts/accept-goldens renews it.

_gallery_ops() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local path='' words='' word='' files='' i
    COMPREPLY=()
    # bash splits at '=': "--color=al" is three words, "json=f" after -o as well
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $prev in
        text|json|ndjson|junit|prom|markdown|html|github|nagios)
            if [[ ${COMP_WORDS[COMP_CWORD - 1]} == '=' || ${COMP_WORDS[COMP_CWORD]} == '=' ]]; then
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                return
            fi ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            -c|--config|-o|--output|--color|--timeout|--deadline|--fail-on|--component|--only|--skip|--history|--notify|--wait|--hold|--explain|--record|--replay|--source|--service|--since|--until|--tail|--top|--ack|--block-list|--explain|--assignments|--project|--host|--limit|--limit|--older-than)
                [[ ${COMP_WORDS[i + 1]} != '=' ]] || ((i++))
                ((i++)) ;;
            -*|=) ;;
            *)
                case "${path:+$path }$word" in
                    'health'|'logs'|'history'|'history runs'|'history show'|'history diff'|'history trend'|'history prune'|'history export'|'config'|'config init'|'config check'|'config show'|'config schema') path="${path:+$path }$word" ;;
                esac ;;
        esac
    done
    case "$path:$prev" in
        "health":--wait) :; return ;;
        "health":--watch) :; return ;;
        "health":--hold) :; return ;;
        "health":--explain) :; return ;;
        "health":--record) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        "health":--replay) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        "logs":--source) mapfile -t COMPREPLY < <(compgen -W 'docker file journald' -- "$cur"); return ;;
        "logs":--service) :; return ;;
        "logs":--since) :; return ;;
        "logs":--until) :; return ;;
        "logs":--tail) :; return ;;
        "logs":--top) :; return ;;
        "logs":--ack) :; return ;;
        "logs":--block-list) mapfile -t COMPREPLY < <(compgen -W 'nft plain' -- "$cur"); return ;;
        "logs":--explain) :; return ;;
        "logs":--assignments) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "history":--project) :; return ;;
        "history":--host) :; return ;;
        "history runs":--limit) :; return ;;
        "history trend":--limit) :; return ;;
        "history prune":--older-than) :; return ;;
        *:-c|*:--config) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        *:-o|*:--output) mapfile -t COMPREPLY < <(compgen -W 'text json ndjson junit prom markdown html github nagios' -- "$cur"); return ;;
        *:--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        *:--timeout) :; return ;;
        *:--deadline) :; return ;;
        *:--fail-on) mapfile -t COMPREPLY < <(compgen -W 'warning critical' -- "$cur"); return ;;
        *:--component) :; return ;;
        *:--only) :; return ;;
        *:--skip) :; return ;;
        *:--history) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        *:--notify) :; return ;;
    esac
    case $path in
        '') words='health logs history config' ;;
        'health') words='--wait --watch --hold --explain --record --replay' ;;
        'logs') words='--source --service --since --until --tail --top --new --ack --block-list --follow --explain --assignments' files=yes ;;
        'history') words='runs show diff trend prune export --project --host' ;;
        'history runs') words='--limit' ;;
        'history show') words='' ;;
        'history diff') words='' ;;
        'history trend') words='--limit' ;;
        'history prune') words='--older-than' ;;
        'history export') words='' ;;
        'config') words='init check show schema' ;;
        'config init') words='--force' files=yes ;;
        'config check') words='' files=yes ;;
        'config show') words='' ;;
        'config schema') words='' ;;
    esac
        [[ $cur != -* ]] || words+=' -c --config -o --output --color --no-progress -q --quiet -v --verbose --timeout --deadline --fail-on --allow-unknown --component --only --skip --history --no-history --notify --version -h --help'
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        if [[ $cur != -* && $files != '' ]]; then
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
    fi
}
complete -F _gallery_ops gallery-ops
