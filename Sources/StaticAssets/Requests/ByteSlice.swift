/// A part of a buffer, as an offset and a count in bytes; the buffer belongs to the caller.
///
/// Offsets stay valid when the buffer moves: a read buffer is compacted between pipelined requests
/// and may grow.
public struct ByteSlice: Equatable, Sendable, BitwiseCopyable {
  /// The index of the first byte.
  package var offset: UInt32
  /// The number of bytes.
  package var count: UInt32

  /// A slice of `count` bytes from `offset`; traps when either is negative or at least 4 GiB.
  package init(offset: Int, count: Int) {
    self.offset = UInt32(offset)
    self.count = UInt32(count)
  }

  /// The empty slice at offset 0; represents an absent field.
  package static let none = ByteSlice(offset: 0, count: 0)

  /// Whether the slice has no bytes.
  package var isEmpty: Bool { count == 0 }

  /// The slice as a range of indices.
  package var range: Range<Int> { Int(offset)..<(Int(offset) + Int(count)) }
}
