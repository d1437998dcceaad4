// Every call into zlib is in this file.

import CZlib

/// Raw deflate streams, as they stand in zip archives, and their checksum.
enum Inflate {
  /// Why a stream could not be inflated.
  enum Failure: Error, Equatable {
    /// The stream breaks deflate's rules.
    case damaged
    /// The stream ends too early, after this many bytes of output.
    case short(Int)
    /// The stream holds more than the expected output.
    case long
    /// Compressed bytes follow the end of the stream.
    case trailing(Int)
    /// zlib could not be set up, for want of memory.
    case unavailable
  }

  /// Deflate stores at best 258 bytes in 2 bits; a stream that claims more is not one.
  static func maximumByteCount(from compressedByteCount: Int) -> Int {
    let (product, overflow) = compressedByteCount.multipliedReportingOverflow(by: 1032)
    return overflow ? Int.max : product
  }

  /// Inflates a stream.
  ///
  /// - Parameters:
  ///   - source: The compressed bytes.
  ///   - byteCount: How many bytes to expect, at least 1. Exactly as many are allocated.
  ///   - isPrefix: Whether the stream may go on after that.
  /// - Returns: The bytes; fewer than expected only for a prefix.
  /// - Throws: Why the stream and the expectation do not agree.
  static func inflate(_ source: Span<UInt8>, byteCount: Int, isPrefix: Bool) throws(Failure)
    -> [UInt8]
  {
    precondition(byteCount > 0, "inflating nothing")
    var failure: Failure?
    // initialized is the number of bytes that zlib wrote from the start of the buffer.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, initialized in
      // Both buffers are valid inside their closures and zlib keeps no pointer after inflateEnd.
      unsafe source.withUnsafeBufferPointer { input in
        let outcome = unsafe run(input, output, byteCount: byteCount, isPrefix: isPrefix)
        initialized = outcome.written
        failure = outcome.failure
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func run(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>,
    byteCount: Int, isPrefix: Bool
  ) -> (written: Int, failure: Failure?) {
    guard let inputStart = input.baseAddress, let outputStart = output.baseAddress else {
      return (0, .short(0))
    }
    // On the heap, because zlib remembers the address; freed after inflateEnd.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    guard
      unsafe inflateInit2_(
        stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return (0, .unavailable) }
    defer { _ = unsafe inflateEnd(stream) }
    var consumed = 0
    var written = 0
    var spare: UInt8 = 0
    while true {
      // zlib counts in 32 bits, so both sides go in slices; consumed <= input.count and
      // written <= byteCount keep the pointers inside their buffers.
      let inputSlice = min(input.count - consumed, 1 << 30)
      let outputSlice = min(byteCount - written, 1 << 30)
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: inputStart + consumed)
      unsafe stream.pointee.avail_in = UInt32(inputSlice)
      let status: Int32
      if outputSlice > 0 {
        unsafe stream.pointee.next_out = outputStart + written
        unsafe stream.pointee.avail_out = UInt32(outputSlice)
        status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        unsafe written += outputSlice - Int(stream.pointee.avail_out)
      } else {
        if isPrefix { return (written, nil) }
        // All is there; one spare byte shows whether the stream ends here.
        status = unsafe withUnsafeMutablePointer(to: &spare) { pointer in
          unsafe stream.pointee.next_out = pointer
          unsafe stream.pointee.avail_out = 1
          return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        }
        if unsafe stream.pointee.avail_out == 0 { return (written, .long) }
      }
      unsafe consumed += inputSlice - Int(stream.pointee.avail_in)
      switch status {
      case Z_STREAM_END:
        if isPrefix { return (written, nil) }
        if written < byteCount { return (written, .short(written)) }
        let rest = input.count - consumed
        return (written, rest > 0 ? .trailing(rest) : nil)
      case Z_OK, Z_BUF_ERROR:
        // A filled slice says nothing; room left means that zlib wants more input.
        if outputSlice > 0, unsafe stream.pointee.avail_out == 0 { continue }
        if consumed == input.count { return (written, isPrefix ? nil : .short(written)) }
        if status == Z_BUF_ERROR { return (written, .damaged) }
      default:
        return (written, .damaged)
      }
    }
  }

  /// Compresses two runs of bytes as one raw deflate stream, handing it on in pieces.
  static func deflate(
    _ first: RawSpan, then second: RawSpan, emit: (RawSpan) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    // On the heap, because zlib remembers the address; freed after deflateEnd.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    guard
      unsafe deflateInit2_(
        stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .invalidArray("could not be compressed: zlib could not be set up") }
    defer { _ = unsafe deflateEnd(stream) }
    try unsafe feed(first, isLast: false, to: stream, through: &piece, emit: emit)
    try unsafe feed(second, isLast: true, to: stream, through: &piece, emit: emit)
  }

  private static func feed(
    _ source: RawSpan, isLast: Bool, to stream: UnsafeMutablePointer<z_stream>,
    through piece: inout [UInt8],
    emit: (RawSpan) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    var consumed = 0
    while true {
      let slice = min(source.byteCount - consumed, 1 << 30)
      let isEnd = consumed + slice == source.byteCount
      // Both buffers are valid inside their closures; consumed + slice <= source.byteCount, and
      // zlib writes at most piece.count bytes.
      let (produced, left, ended) = unsafe source.withUnsafeBytes { input in
        unsafe piece.withUnsafeMutableBufferPointer { output in
          let start = unsafe input.baseAddress?.advanced(by: consumed)
          unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: start?.assumingMemoryBound(to: UInt8.self))
          unsafe stream.pointee.avail_in = UInt32(slice)
          unsafe stream.pointee.next_out = output.baseAddress
          unsafe stream.pointee.avail_out = UInt32(output.count)
          let status = unsafe CZlib.deflate(stream, isLast && isEnd ? Z_FINISH : Z_NO_FLUSH)
          return unsafe (
            output.count - Int(stream.pointee.avail_out), Int(stream.pointee.avail_in),
            status == Z_STREAM_END
          )
        }
      }
      consumed += slice - left
      if produced > 0 { try emit(piece.span.extracting(first: produced).rawBytes) }
      if isLast ? ended : consumed == source.byteCount { return }
    }
  }

  /// The CRC-32 of bytes, as zip archives store it.
  static func checksum(_ bytes: RawSpan, continuing checksum: UInt32 = 0) -> UInt32 {
    // The buffer is valid inside the closure and zlib only reads it.
    unsafe bytes.withUnsafeBytes { buffer in
      var value = UInt(checksum)
      var position = 0
      while position < buffer.count {
        let slice = min(buffer.count - position, 1 << 30)
        let start = unsafe buffer.baseAddress?.advanced(by: position)
        value = unsafe crc32(value, start?.assumingMemoryBound(to: UInt8.self), UInt32(slice))
        position += slice
      }
      return UInt32(truncatingIfNeeded: value)
    }
  }
}
