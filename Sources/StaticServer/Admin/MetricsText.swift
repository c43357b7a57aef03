/// Text in the Prometheus exposition format, version 0.0.4.
struct MetricsText {
  /// The kind of a metric.
  enum Kind: String {
    case counter, gauge, histogram
  }

  /// A label of a sample.
  typealias Label = (name: String, value: String)

  /// The media type of the format.
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Begins a metric; its samples follow.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
    text += "# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Appends a sample of the metric that began last.
  mutating func add(_ name: String, _ labels: [Label] = [], _ value: String) {
    text += name
    if !labels.isEmpty {
      let parts = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      text += "{\(parts.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  /// Appends a metric with one sample.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: UInt64) {
    begin(name, kind, help)
    add(name, [], "\(value)")
  }

  /// Appends a metric with one sample, in seconds.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, seconds: Double) {
    begin(name, kind, help)
    add(name, [], "\(seconds)")
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
