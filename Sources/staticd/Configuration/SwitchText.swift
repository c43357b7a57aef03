/// The value of a switch as text.
enum SwitchText {
  /// Whether the switch is on; nil if `text` is neither.
  static func isOn(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "true", "yes", "on": true
    case "0", "false", "no", "off": false
    default: nil
    }
  }
}
