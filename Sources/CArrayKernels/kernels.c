#include "CArrayKernels.h"
