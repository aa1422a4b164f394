
# Words that end in a colon are only begun, and get no space.
__xregioncap_complete() {
    local -ar whole=("${@:#*:}") begun=("${(M)@:#*:}")
    _describe -V '' whole -- begun -S ''
}

# What was generated completes a command that is named: options without one are those of capture.
functions[__xregioncap_named]=$functions[_xregioncap]
_xregioncap() {
    if [[ "${words[2]}" = -* ]]; then
        words=("${words[1]}" capture "${(@)words[2,-1]}")
        ((CURRENT++))
    fi
    __xregioncap_named "${@}"
}

if [[ "${funcstack[1]}" = _xregioncap ]]; then
    _xregioncap "${@}"
else
    compdef _xregioncap xregioncap
fi
