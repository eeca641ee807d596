# fish completion for gallery-ops
# Generated from the command table; scripts/accept-goldens renews it.

complete -c gallery-ops -f
complete -c gallery-ops -n '__fish_use_subcommand' -a health -d 'look at every service, server and limit of the gallery'
complete -c gallery-ops -n '__fish_use_subcommand' -a config -d 'write, check and show the configuration'
complete -c gallery-ops -s c -l config -r -F -d 'configuration file (default: $GALLERY_OPS_CONFIG, ./gallery-ops.yaml, $XDG_CONFIG_HOME/gallery-ops/config.yaml, /etc/gallery-ops/config.yaml)'
complete -c gallery-ops -s o -l output -x -a 'text json ndjson junit prom markdown github nagios' -d 'output format, repeatable; with =FILE it goes to that file in one step; only the outputs given are written (default: text)'
complete -c gallery-ops -l color -x -a 'auto always never' -d 'colours in the text output (default: auto, on a terminal and without NO_COLOR)'
complete -c gallery-ops -l no-progress -d 'no progress line on standard error'
complete -c gallery-ops -s q -l quiet -d 'text output: only the problems and the last line'
complete -c gallery-ops -s v -l verbose -d 'text output: every finding on a line of its own, and what was skipped'
complete -c gallery-ops -l timeout -x -d 'the longest that one probe may take (default: 5s)'
complete -c gallery-ops -l deadline -x -d 'the longest that the whole command may take'
complete -c gallery-ops -l fail-on -x -a 'warning critical' -d 'the verdict from which the exit code is non-zero (default: warning)'
complete -c gallery-ops -l allow-unknown -d 'succeed although something could not be checked'
complete -c gallery-ops -l component -x -d 'only what belongs to these components'
complete -c gallery-ops -l only -x -d 'run only these'
complete -c gallery-ops -l skip -x -d 'run all but these'
complete -c gallery-ops -l no-history -d 'neither read nor write the history'
complete -c gallery-ops -l version -d 'the version'
complete -c gallery-ops -s h -l help -d 'this text; after a command: the command\'s'
complete -c gallery-ops -n '__fish_seen_subcommand_from health' -l wait -x -d 'look again and again until all is well, at most this long'
complete -c gallery-ops -n '__fish_seen_subcommand_from health' -l explain -x -d 'say what a check does, its threshold and how to change it; \'all\' lists them'
complete -c gallery-ops -n '__fish_seen_subcommand_from health' -l record -r -F -d 'also save what was seen, without secrets, in this new folder: for a bug report'
complete -c gallery-ops -n '__fish_seen_subcommand_from health' -l replay -r -F -d 'judge the look saved in this folder again; asks no server'
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from init check show schema' -a init -d 'discover the gallery and write a configuration for it'
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from init' -F
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from init' -l force -d 'replace a file that exists'
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from init check show schema' -a check -d 'explain every mistake of a configuration file'
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -F
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from init check show schema' -a show -d 'print the effective values and where each came from'
complete -c gallery-ops -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from init check show schema' -a schema -d 'print the JSON Schema of the configuration file'
