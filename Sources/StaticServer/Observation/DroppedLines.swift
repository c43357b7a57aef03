/// The line of the access log that counts requests without a line of their own.
///
/// JSON: `{"time":"2026-11-21T05:01:16.250Z","dropped":17}`. In the Combined Log Format it has the
/// form of any other line, with the count instead of the user agent.
enum DroppedLines {
  /// The line for `count` requests, with its line end.
  static func line(_ count: Int, _ format: AccessLog.Format, at time: LogTime) -> [UInt8] {
    switch format {
    case .json:
      let text = String(decoding: time.text, as: UTF8.self)
      return Array("{\"time\":\"\(text)\",\"dropped\":\(count)}\n".utf8)
    case .combined:
      let text = String(decoding: time.commonText, as: UTF8.self)
      return Array("- - - [\(text)] \"-\" 0 0 \"-\" \"staticd: \(count) lines dropped\"\n".utf8)
    }
  }
}
