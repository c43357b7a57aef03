/// The start of a response, ready to send: a status line and field lines, each with its CRLF.
///
/// `Date`, `Connection` and the empty line are missing; the server writes them.
public struct HeadTemplate: Equatable, Sendable, BitwiseCopyable {
  /// The status line and the field lines, in the table's memory.
  public let bytes: ByteSlice
  /// Bytes of the status line with its CRLF; 0 when the head has only field lines.
  public let statusLineByteCount: Int
}
