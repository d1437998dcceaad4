// The system's headers and ours in one file: a prototype of ours that differs is a compile error.
#include <cblas.h>
#include <lapacke.h>

#include "CLAPACK.h"

_Static_assert(sizeof(lapack_int) == 4, "Plumbline expects 32-bit LAPACK integers");
_Static_assert(sizeof(blasint) == 4, "Plumbline expects 32-bit BLAS integers");
_Static_assert(LAPACK_COL_MAJOR == 102, "column-major layout");
_Static_assert(CblasRowMajor == 101 && CblasColMajor == 102, "CBLAS_ORDER");
_Static_assert(CblasNoTrans == 111 && CblasTrans == 112, "CBLAS_TRANSPOSE");
_Static_assert(CblasUpper == 121 && CblasLower == 122, "CBLAS_UPLO");
_Static_assert(CblasNonUnit == 131 && CblasUnit == 132, "CBLAS_DIAG");
_Static_assert(CblasLeft == 141 && CblasRight == 142, "CBLAS_SIDE");
