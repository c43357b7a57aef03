extension FileVersion {
  /// `Last-Modified` in seconds since 1970; nil when the modification time is not real; see `real`.
  ///
  /// Images that are built reproducibly set all times to 0 or 1.
  var lastModifiedSeconds: Int64? {
    Self.real(modified)
  }

  /// The value of `Last-Modified`, an IMF-fixdate; empty when the modification time is not real.
  var lastModified: [UInt8] {
    guard let lastModifiedSeconds else { return [] }
    let date = HTTPDate.format(lastModifiedSeconds)
    return date.indices.map { date[$0] }
  }

  /// `seconds` if it is a real time: more than 1 and representable as an HTTP date; otherwise nil.
  static func real(_ seconds: Int64) -> Int64? {
    seconds > 1 && seconds <= HTTPDate.latest ? seconds : nil
  }

  /// The entity tag `"<time>-<size>"` in hexadecimal; empty when the modification time is not real.
  var entityTag: [UInt8] {
    guard let lastModifiedSeconds else { return [] }
    var text = "\"" + String(lastModifiedSeconds, radix: 16)
    // Without the fraction, two contents of one second and one size would have the same tag.
    if nanoseconds > 0 { text += "." + String(nanoseconds, radix: 16) }
    return Array("\(text)-\(String(byteCount, radix: 16))\"".utf8)
  }
}
