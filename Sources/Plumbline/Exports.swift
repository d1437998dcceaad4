@_exported public import Activations
@_exported public import AlignmentQuality
@_exported public import ArrayFiles
@_exported public import Evaluation
@_exported public import LinearAlgebra
@_exported public import Optimization
@_exported public import Probes
@_exported public import Studies
