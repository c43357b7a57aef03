/// The start of a response, ready to send: a status line and field lines, each with its CRLF.
///
/// `Date`, `Connection` and the empty line are missing; the server writes them.
package struct HeadTemplate: Equatable, Sendable, BitwiseCopyable {
  /// The status line and the field lines, in the table's memory.
  package let bytes: ByteSlice
  /// Bytes of the status line with its CRLF; 0 when the head has only field lines.
  package let statusLineByteCount: Int
}
