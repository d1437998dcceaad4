#ifndef CLAPACK_H
#define CLAPACK_H
#include <stdint.h>
/// The corresponding OpenBLAS routine is `openblas_get_config`.
char *openblas_get_config(void);
#endif
