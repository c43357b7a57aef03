internal import StaticCollector
internal import StaticServer
internal import Synchronization

/// A notice of a server as a JSON object on a line of its own:
/// `{"time":"2026-11-21T05:01:16.250Z","level":"info","message":"Reloaded: 3 files"}`.
struct Notice {
  /// The severity of a notice.
  enum Level: String {
    case info, warning, error
  }

  /// Whether notices are JSON; set once by `--log-format`, before a server starts.
  static var isJSON: Bool { writesJSON.load(ordering: .relaxed) }

  private static let writesJSON = Atomic<Bool>(false)

  /// Sets the format that `--log-format` names.
  static func setFormat(_ arguments: MergedArguments) {
    writesJSON.store(arguments.text(.logFormat) == "json", ordering: .relaxed)
  }

  private let level: Level
  private let message: Substring

  init(_ level: Level, _ message: String) {
    self.level = level
    self.message = message[...]
  }

  /// A diagnostic; the prefix `warning: ` makes it a warning.
  init(diagnostic: String) {
    let mark = "warning: "
    let isWarning = diagnostic.hasPrefix(mark)
    level = isWarning ? .warning : .error
    message = isWarning ? diagnostic.dropFirst(mark.count) : diagnostic[...]
  }

  /// The bytes of the line.
  var json: [UInt8] {
    var text = "{\"time\":\"\(Timestamp.now)\",\"level\":\"\(level.rawValue)\",\"message\":\""
    for scalar in message.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return Array("\(text)\"}\n".utf8)
  }
}
