
# What was generated completes a command that is named: options without one are those of capture.
functions --query __xregioncap_written_tokens
or functions --copy __xregioncap_tokens __xregioncap_written_tokens
function __xregioncap_tokens
    switch "$argv"
    case -t
        __xregioncap_written_tokens -t
    case -tC
        # Where the cursor is in its word: some versions of fish cannot tell, and nobody needs it.
        echo 0
    case '*'
        set --local tokens (__xregioncap_written_tokens $argv)
        set --local first (__xregioncap_written_tokens -p)[2]
        if string match --quiet -- '-*' "$first"
            set tokens $tokens[1] capture $tokens[2..]
        end
        printf '%s\n' $tokens
    end
end
