#include "CCommit.h"

// COMMIT is defined by the package's manifest.

const char *ccommit(void) { return COMMIT; }
