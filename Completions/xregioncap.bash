
# What was generated completes a command that is named, in words as they are. Here words are put
# together again that bash cuts (class:XTerm, --window=root), and options without a command are
# those of capture.
_xregioncap_line() {
    local -a words=()
    local rest=$COMP_LINE current='' word space i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        space=${rest%%[![:space:]]*}
        rest=${rest#"$space"}
        rest=${rest#"$word"}
        # Of the last one, what stands before the cursor.
        if ((i == COMP_CWORD)) && [[ $word != [:=] ]]; then word=$2; fi
        if [[ $i -eq 0 || -n $space ]]; then
            words+=("$word")
        elif [[ $word == = && ${words[-1]} == --* ]]; then
            words+=('')
        else
            words[-1]+=$word
        fi
    done
    if [[ ${words[1]-} == -* ]]; then words=("${words[0]}" capture "${words[@]:1}"); fi

    local -a COMP_WORDS=("${words[@]}")
    local -i COMP_CWORD=$((${#words[@]} - 1))
    local COMP_LINE="${words[*]}"
    local -i COMP_POINT=${#COMP_LINE}
    current=${words[-1]}
    _xregioncap "$1" "$current" "${words[-2]-}"
    # It was for that function alone, but bash goes on with it.
    trap - RETURN

    # A word that ends in a colon is only begun, and what is before one stands there already.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]]; then compopt -o nospace; fi
    local begun=''
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then begun=${current%"${current##*:}"}; fi
    COMPREPLY=("${COMPREPLY[@]#"$begun"}")
} 2>/dev/null

# Words that are no files do not get a folder's slash.
__xregioncap_add_completions() {
    [[ $1 == -W ]] || compopt -o filenames
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("$completion")
    done < <(IFS=$'\n' compgen "$@" -- "$cur")
}

complete -F _xregioncap_line xregioncap
