internal import StaticAssets

/// Writes one field line whose value is a list.
struct ListWriter {
  private(set) var hasBegun = false
  private let name: StaticString

  /// A line that begins with `name`, the colon and a space.
  init(_ name: StaticString) {
    self.name = name
  }

  /// Writes what stands before the next element.
  mutating func begin(in buffer: inout ByteBuffer) {
    buffer.append(hasBegun ? ", " : name)
    hasBegun = true
  }

  /// Writes the values of all lines of `kind` that are in `fieldLines`.
  mutating func append(
    _ kind: ForwardedFieldKind,
    of fieldLines: ByteSlice,
    _ bytes: Span<UInt8>,
    to buffer: inout ByteBuffer
  ) {
    var cursor = FieldCursor(fieldLines)
    while let line = cursor.next(bytes) {
      guard bytes.forwardedFieldKind(line.name) == kind, !line.value.isEmpty else { continue }
      begin(in: &buffer)
      buffer.append(bytes, ByteSlice(line.value))
    }
  }

  /// Ends the line, if there is one.
  func finish(in buffer: inout ByteBuffer) {
    if hasBegun { buffer.append("\r\n") }
  }
}
