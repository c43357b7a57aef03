internal import CLinux
internal import StaticAssets

/// The part of a file that is still to be sent.
struct FileRest {
  let descriptor: Int32
  /// Bytes from the start of the file.
  var offset: Int64
  let end: Int64
  /// Whether a table keeps the file open; if not, it is closed after the response.
  let isKept: Bool
  /// The version that the head describes; nil if the head has a unique entity tag.
  let version: FileVersion?

  var count: Int64 { end - offset }

  /// Sends at most `budget` bytes, and advances `offset`.
  ///
  /// The version is checked before each call of sendfile(2), so that bytes of two contents are not
  /// mixed. fstat(2)
  ///
  /// - Parameter isChecked: whether the version was just checked.
  mutating func send(
    to client: Transport,
    atMost budget: Int64,
    isChecked: Bool = false
  ) -> SendOutcome {
    let turnEnd = min(end, offset + budget)
    var isChecked = isChecked
    while offset < turnEnd {
      guard isChecked || version?.isCurrent(descriptor) ?? true else { return .fileFailed }
      isChecked = false
      let result = client.sendFile(descriptor, from: offset, Int(turnEnd - offset))
      if result == -Int(CLINUX_AGAIN) { return .blocked }
      // 0 bytes: the file was truncated. The announced length cannot be reached, and only closing
      // the connection signals that.
      guard result > 0 else { return result == 0 ? .fileFailed : .failed }
      offset += Int64(result)
    }
    return offset == end ? .finished : .blocked
  }
}
