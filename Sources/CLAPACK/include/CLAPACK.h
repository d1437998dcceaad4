#ifndef CLAPACK_H
#define CLAPACK_H

// Only the routines that Plumbline calls. `shim.c` compiles these prototypes against <lapacke.h>
// and <cblas.h>, so that a wrong one does not compile.

#include <stdint.h>

#ifndef CBLAS_H
enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };
enum CBLAS_UPLO { CblasUpper = 121, CblasLower = 122 };
enum CBLAS_DIAG { CblasNonUnit = 131, CblasUnit = 132 };
enum CBLAS_SIDE { CblasLeft = 141, CblasRight = 142 };
#endif

char *openblas_get_config(void);
char *openblas_get_corename(void);
void openblas_set_num_threads(int num_threads);
int openblas_get_num_threads(void);

void cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transA, enum CBLAS_TRANSPOSE transB,
                 int32_t m, int32_t n, int32_t k, float alpha, const float *a, int32_t lda,
                 const float *b, int32_t ldb, float beta, float *c, int32_t ldc);
void cblas_dgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transA, enum CBLAS_TRANSPOSE transB,
                 int32_t m, int32_t n, int32_t k, double alpha, const double *a, int32_t lda,
                 const double *b, int32_t ldb, double beta, double *c, int32_t ldc);
void cblas_sgemv(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int32_t m, int32_t n,
                 float alpha, const float *a, int32_t lda, const float *x, int32_t incx, float beta,
                 float *y, int32_t incy);
void cblas_dgemv(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int32_t m, int32_t n,
                 double alpha, const double *a, int32_t lda, const double *x, int32_t incx,
                 double beta, double *y, int32_t incy);
void cblas_ssyrk(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans,
                 int32_t n, int32_t k, float alpha, const float *a, int32_t lda, float beta,
                 float *c, int32_t ldc);
void cblas_dsyrk(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans,
                 int32_t n, int32_t k, double alpha, const double *a, int32_t lda, double beta,
                 double *c, int32_t ldc);
void cblas_strsm(enum CBLAS_ORDER order, enum CBLAS_SIDE side, enum CBLAS_UPLO uplo,
                 enum CBLAS_TRANSPOSE transA, enum CBLAS_DIAG diag, int32_t m, int32_t n,
                 float alpha, const float *a, int32_t lda, float *b, int32_t ldb);
void cblas_dtrsm(enum CBLAS_ORDER order, enum CBLAS_SIDE side, enum CBLAS_UPLO uplo,
                 enum CBLAS_TRANSPOSE transA, enum CBLAS_DIAG diag, int32_t m, int32_t n,
                 double alpha, const double *a, int32_t lda, double *b, int32_t ldb);

// LAPACK, column-major. The `_work` forms take their workspace from the caller: the high-level
// `LAPACKE_ssyevd` reads the size it needs from a rounded float and fails from n = 2895 up.

int32_t LAPACKE_ssyevd_work(int matrix_layout, char jobz, char uplo, int32_t n, float *a,
                            int32_t lda, float *w, float *work, int32_t lwork, int32_t *iwork,
                            int32_t liwork);
int32_t LAPACKE_dsyevd_work(int matrix_layout, char jobz, char uplo, int32_t n, double *a,
                            int32_t lda, double *w, double *work, int32_t lwork, int32_t *iwork,
                            int32_t liwork);
int32_t LAPACKE_ssyevr_work(int matrix_layout, char jobz, char range, char uplo, int32_t n,
                            float *a, int32_t lda, float vl, float vu, int32_t il, int32_t iu,
                            float abstol, int32_t *m, float *w, float *z, int32_t ldz,
                            int32_t *isuppz, float *work, int32_t lwork, int32_t *iwork,
                            int32_t liwork);
int32_t LAPACKE_dsyevr_work(int matrix_layout, char jobz, char range, char uplo, int32_t n,
                            double *a, int32_t lda, double vl, double vu, int32_t il, int32_t iu,
                            double abstol, int32_t *m, double *w, double *z, int32_t ldz,
                            int32_t *isuppz, double *work, int32_t lwork, int32_t *iwork,
                            int32_t liwork);
int32_t LAPACKE_sgesdd_work(int matrix_layout, char jobz, int32_t m, int32_t n, float *a,
                            int32_t lda, float *s, float *u, int32_t ldu, float *vt, int32_t ldvt,
                            float *work, int32_t lwork, int32_t *iwork);
int32_t LAPACKE_dgesdd_work(int matrix_layout, char jobz, int32_t m, int32_t n, double *a,
                            int32_t lda, double *s, double *u, int32_t ldu, double *vt,
                            int32_t ldvt, double *work, int32_t lwork, int32_t *iwork);
int32_t LAPACKE_sgelqf_work(int matrix_layout, int32_t m, int32_t n, float *a, int32_t lda,
                            float *tau, float *work, int32_t lwork);
int32_t LAPACKE_dgelqf_work(int matrix_layout, int32_t m, int32_t n, double *a, int32_t lda,
                            double *tau, double *work, int32_t lwork);
int32_t LAPACKE_sorglq_work(int matrix_layout, int32_t m, int32_t n, int32_t k, float *a,
                            int32_t lda, const float *tau, float *work, int32_t lwork);
int32_t LAPACKE_dorglq_work(int matrix_layout, int32_t m, int32_t n, int32_t k, double *a,
                            int32_t lda, const double *tau, double *work, int32_t lwork);
int32_t LAPACKE_spotrf_work(int matrix_layout, char uplo, int32_t n, float *a, int32_t lda);
int32_t LAPACKE_dpotrf_work(int matrix_layout, char uplo, int32_t n, double *a, int32_t lda);
int32_t LAPACKE_sgelsd_work(int matrix_layout, int32_t m, int32_t n, int32_t nrhs, float *a,
                            int32_t lda, float *b, int32_t ldb, float *s, float rcond,
                            int32_t *rank, float *work, int32_t lwork, int32_t *iwork);
int32_t LAPACKE_dgelsd_work(int matrix_layout, int32_t m, int32_t n, int32_t nrhs, double *a,
                            int32_t lda, double *b, int32_t ldb, double *s, double rcond,
                            int32_t *rank, double *work, int32_t lwork, int32_t *iwork);
#endif
