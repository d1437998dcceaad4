#ifndef CARRAYKERNELS_H
#define CARRAYKERNELS_H

/// The number of processors that this process may run on (its affinity mask, not the machine's).
int array_kernels_available_processors(void);

#endif
