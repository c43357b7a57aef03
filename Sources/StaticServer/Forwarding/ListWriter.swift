internal import StaticAssets

/// Writes one field line whose value is a list.
struct ListWriter {
  private(set) var hasBegun = false
  private let name: StaticString

  /// A line that starts with `name`, which includes the colon and a space.
  init(_ name: StaticString) {
    self.name = name
  }

  /// Appends the name before the first element, a comma before each other.
  mutating func begin(in buffer: inout ByteBuffer) {
    buffer.append(hasBegun ? ", " : name)
    hasBegun = true
  }

  /// Appends the values of all lines of `kind` in `fieldLines`.
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

  /// Appends CRLF if the line has an element.
  func finish(in buffer: inout ByteBuffer) {
    if hasBegun { buffer.append("\r\n") }
  }
}
