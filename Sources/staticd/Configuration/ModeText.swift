/// File modes as octal digits, which is what options take.
///
/// Text is octal: `644`, `0644`, `0o644`. A number stands for its value: `0o644` and 420 are mode
/// 0644.
enum ModeText {
  /// The mode bits of a text; nil if it is malformed.
  static func bits(octal text: String) -> UInt32? {
    let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
    guard let bits = UInt32(digits, radix: 8), bits <= 0o7777, digits.first?.isNumber == true else {
      return nil
    }
    return bits
  }

  /// The octal digits of a number in a configuration file.
  ///
  /// - Throws: `SettingError` for 512 to 777. These are the unlikely modes 1000 to 1411, and
  ///   decimal numbers that look like the octal digits of a mode.
  static func octal(of number: Int) throws(SettingError) -> String {
    guard (0...0o7777).contains(number) else {
      throw SettingError("\(number) is no mode; write 0o644 or '644'")
    }
    let digits = String(number, radix: 8)
    guard !(512...777).contains(number) else {
      throw SettingError(
        "\(number) is a decimal number, the mode \(digits); write 0o\(number) or its value"
      )
    }
    return digits
  }

  /// The octal digits of a number in a variable, as Python's settings write it: `420`, `0o644`,
  /// `0644`.
  ///
  /// Other text is returned unchanged, for the option to check.
  static func octal(ofNumber text: String) throws(SettingError) -> String {
    guard !text.hasPrefix("0"), let number = Int(text) else { return text }
    return try octal(of: number)
  }
}
