extension String {
  /// The text with escapes for the characters that would begin another line, or change how a
  /// terminal shows the rest: names of files and answers of other servers can contain any.
  ///
  /// These are the control characters (C0, DEL and C1) and those of bidirectional formatting.
  var printable: String {
    guard unicodeScalars.contains(where: Self.isUnprintable) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      text += Self.isUnprintable(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return text
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
