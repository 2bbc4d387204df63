// SPDX-License-Identifier: Apache-2.0

extension SetupShell {
    /// What runs as root, by sudo.
    static let sudo = #"""
        # Where sudo itself looks, see secure_path below.
        path_of() {
            for place in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
                if [ -x "$place/$1" ]; then printf '%s/%s' "$place" "$1"; return 0; fi
            done
            die "$1 is not installed here; install it, or take what needs it out of the host's configuration"
        }

        # rule PROGRAM ARGUMENTS, as sudoers(5) writes them.
        rule() {
            found=$(path_of "$1")
            printf '%s ALL=(root) NOPASSWD: NOSETENV: %s %s\n' "$user" "$found" "$2"
        }

        # setting WORD LINE: only where the machine's own files say otherwise.
        setting() {
            if grep -rqs "^[[:space:]]*Defaults.*$1" /etc/sudoers /etc/sudoers.d; then
                printf 'Defaults:%s %s\n' "$user" "$2"
            fi
        }

        # sudo_takes PROGRAM ARGUMENT...: sudo itself says that Jarvis may run exactly this.
        sudo_takes() {
            sudo -n -l -U "$user" -- "$@" >/dev/null 2>&1 && return 0
            rm -f "$sudoers"
            die "sudo does not allow '$*' although $sudoers did; does /etc/sudoers include /etc/sudoers.d?"
        }

        sudo_rules() {
            if [ -z "$wants_sudo" ]; then
                if noted "file $sudoers"; then rm -f "$sudoers"; fi
                return 0
            fi
            command -v visudo >/dev/null 2>&1 ||
                die "commands must run as root, but there is no visudo: install sudo, or take 'sudo:' out of the configuration"
            folder /etc/sudoers.d
            if [ -e "$sudoers" ] && ! noted "file $sudoers"; then die "$sudoers is there already; move it away first"; fi
            begin "$sudoers" 440
            text=$(rules)
            {
                printf '# Written by jarvis hosts enrol: what Jarvis sends as root, word for word.\n'
                printf 'Defaults:%s secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n' "$user"
                setting requiretty '!requiretty'
                setting '!env_reset' env_reset
                printf '%s\n' "$text"
            } >"$temporary"
            if ! answer=$(visudo -cf "$temporary" 2>&1); then die "visudo refuses the entries: $answer"; fi
            finish "$sudoers"
            verify_rules
            say "sudo takes the $(printf '%s\n' "$text" | wc -l | tr -d ' ') entries of $sudoers"
        }
        """#

    /// Everything that `install` makes, in its order.
    static let install = #"""
        # Whether what becomes guarded had a shell before: what was started from it may use what sudo allows.
        was_open() {
            [ "$guarded" ] && [ -f "$keys" ] && grep " $mark_pattern\$" "$keys" | grep -qv jarvis-guard
        }

        install_all() {
            open_notes
            account
            [ -z "$guarded" ] || { guard_program; guard_policy; guard_at_start; }
            sudo_rules
            # Last: nobody logs in before everything stands.
            if was_open; then end_sessions; fi
            key_line | change_keys "/ $mark_pattern\$/d"
            say "$user can log in with its key"
            other_keys
        }

        install_all
        """#

    /// A further key.
    static let addKey = #"""
        add_key() {
            [ -f "$notes" ] || die "this machine is not enrolled: jarvis hosts enrol $name"
            ours
            find_account || die "there is no user $user: jarvis hosts enrol $name"
            key_line | change_keys "/ $key_pattern $mark_pattern\$/d"
            say "$user can log in with the new key, too"
        }

        add_key
        """#

    /// One key alone.
    static let keepKey = #"""
        keep_key() {
            [ -f "$notes" ] || die "this machine is not enrolled: jarvis hosts enrol $name"
            find_account || die "there is no user $user: jarvis hosts enrol $name"
            grep -q " $key_pattern $mark_pattern\$" "$keys" || die "the key that shall stay is not in $keys"
            change_keys "/ $mark_pattern\$/{
        / $key_pattern $mark_pattern\$/!d
        }" </dev/null
            say "of Jarvis' keys this one alone can log in as $user"
            other_keys
        }

        keep_key
        """#

    /// What revoking and removing begin with.
    static let rightsAway = #"""
        # First what nobody but root can stand in the way of.
        root_rights_away() {
            if noted "file $sudoers"; then rm -f "$sudoers"; fi
            if [ -f "$notes_folder/policy" ]; then rm -f /etc/jarvis-guard/policy "$notes_folder/policy"; fi
        }

        # By the mark, and by the key itself, whatever somebody wrote behind it.
        keys_away() {
            [ -f "$keys" ] || return 0
            if [ -z "$public_key" ]; then
                change_keys "/ $mark_pattern\$/d" </dev/null
                return 0
            fi
            change_keys "/ $mark_pattern\$/d
        /$key_pattern/d" </dev/null
            if grep -qF -- "$public_key" "$keys"; then die "$keys still holds the key of Jarvis"; fi
        }
        """#

    /// A word about keys that are not Jarvis'.
    static let otherKeys = #"""
        other_keys() {
            others=0
            for file in "$keys" "${keys}2"; do
                [ -f "$file" ] || continue
                others=$((others + $(grep -v '^[[:space:]]*#' "$file" | grep -v " $mark_pattern\$" | grep -c . || :)))
            done
            [ "$others" = 0 ] || say "$others other keys can log in as $user; they are not Jarvis'"
        }
        """#

    /// Every right away.
    static let revoke = #"""
        revoke_all() {
            [ -f "$notes" ] || die "this machine is not enrolled; nothing was changed"
            ours
            root_rights_away
            if find_account; then
                keys_away
                end_sessions
                other_keys
            fi
            say "no key of Jarvis is accepted, nothing runs as root, and the guard runs nothing"
        }

        revoke_all
        """#

    /// What was noted, away, the last first.
    static let remove = #"""
        remove_account() {
            for _ in 1 2 3 4 5; do
                [ -n "$(entry)" ] || break
                if command -v userdel >/dev/null 2>&1; then userdel "$user" >/dev/null 2>&1 || :
                else deluser "$user" >/dev/null 2>&1 || :; fi
                [ -z "$(entry)" ] || { sleep 1; end_sessions; }
            done
            [ -z "$(entry)" ] || die "the user $user could not be removed: does something still run as it?"
            if noted "group $user" && grep -q "^$user_pattern:" /etc/group; then
                if command -v groupdel >/dev/null 2>&1; then groupdel "$user"; else delgroup "$user"; fi
            fi
        }

        remove_all() {
            if [ ! -f "$notes" ]; then say "nothing here was made by jarvis hosts enrol"; return 0; fi
            ours
            root_rights_away
            if find_account; then
                keys_away
                end_sessions
            fi
            made=$(sed '1!G;h;$!d' "$notes")
            while read -r kind path; do
                case $kind in
                file | link) rm -f "$path" ;;
                keys) if [ -f "$path" ] && [ ! -s "$path" ]; then rm -f "$path"; fi ;;
                tree) rm -rf "$path" ;;
                folder) rmdir "$path" 2>/dev/null || [ ! -d "$path" ] || say "$path stays: it is not empty" ;;
                account) remove_account ;;
                linger) loginctl disable-linger "$path" || : ;;
                esac
            done <<END_OF_NOTES
        $made
        END_OF_NOTES
            if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
            rm -rf "$notes_folder"
            say "everything that enrolment made is gone"
        }

        remove_all
        """#
}
