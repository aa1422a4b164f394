// The commit that this was built from: one small file knows it, so that nothing else has to be
// compiled anew when it changes.

#ifndef CCOMMIT_H
#define CCOMMIT_H

/// `abc1234`, `abc1234-dirty` where the tree was changed since; empty where it was not known.
const char *ccommit(void);

#endif
