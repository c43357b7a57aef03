/// The parts of the page, and human-readable numbers.
extension StatusPage {
  static func section(_ title: String, _ content: String, isWide: Bool = false) -> String {
    "<section\(isWide ? " class=\"wide\"" : "")><h2>\(title)</h2>\(content)</section>"
  }

  /// A list of names and values; the values are HTML.
  static func list(_ rows: [(name: String, value: String)]) -> String {
    let items = rows.map { "<div><dt>\(escaped($0.name))</dt><dd>\($0.value)</dd></div>" }
    return "<dl>\(items.joined())</dl>"
  }

  /// A table; the first cell of each row is its head.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let head = heads.map { $0.isEmpty ? "<td></td>" : "<th scope=\"col\">\($0)</th>" }.joined()
    let body = rows.map { row in
      let cells = row.dropFirst().map { "<td>\($0)</td>" }.joined()
      return "<tr><th scope=\"row\">\(row[0])</th>\(cells)</tr>"
    }
    return "<table><tr>\(head)</tr>\(body.joined())</table>"
  }

  /// `12,345`.
  static func count(_ value: UInt64) -> String {
    var digits = "\(value)"
    var position = digits.endIndex
    while digits.distance(from: digits.startIndex, to: position) > 3 {
      position = digits.index(position, offsetBy: -3)
      digits.insert(",", at: position)
    }
    return digits
  }

  /// `3.4 MiB`.
  static func bytes(_ value: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var rest = Double(value)
    var unit = 0
    while rest >= 1024, unit < units.count - 1 {
      rest /= 1024
      unit += 1
    }
    return unit == 0 ? "\(value) B" : "\(tenths(rest)) \(units[unit])"
  }

  /// `2 d 3 h`, `5 min 12 s` or `0.4 s`.
  static func duration(_ seconds: Double) -> String {
    guard seconds >= 60 else { return "\(tenths(seconds)) s" }
    let whole = UInt64(seconds)
    let parts = [
      (whole / 86400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s"),
    ]
    let shown = parts.drop { $0.0 == 0 }.prefix(2)
    return shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }

  /// The upper bound of the bucket in which the quantile lies: `≤ 2.5 ms`.
  static func quantile(_ part: Double, _ histogram: ServerMetrics.Histogram) -> String {
    guard histogram.count > 0 else { return "–" }
    let wanted = part * Double(histogram.count)
    var sum: UInt64 = 0
    for (index, bound) in Latency.bounds.enumerated() {
      sum += histogram.counts[index]
      if Double(sum) >= wanted { return "≤ \(time(bound))" }
    }
    return "> \(time(Latency.bounds.last ?? 0))"
  }

  /// `0.25 ms` or `2.5 s`.
  private static func time(_ nanoseconds: Int64) -> String {
    let isLong = nanoseconds >= 1_000_000_000
    let value = Double(nanoseconds) / (isLong ? 1e9 : 1e6)
    let text = value == value.rounded() ? "\(Int(value))" : "\(value)"
    return "\(text) \(isLong ? "s" : "ms")"
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = UInt64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  /// One style sheet for light and dark: the colours are variables.
  static let style = """
    :root{--page:#f4f5f7;--card:#fff;--text:#1d2430;--soft:#5a6474;--line:#dfe3e8;--good:#19703d;\
    --wait:#8a5800;--link:#1259b5}
    @media(prefers-color-scheme:dark){:root{--page:#14171c;--card:#1d2127;--text:#e4e8ee;\
    --soft:#98a2b0;--line:#30363f;--good:#6fd093;--wait:#e9b65c;--link:#84b6f7}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1.5rem 1rem;max-width:66rem;background:var(--page);\
    color:var(--text);font:15px/1.45 system-ui,sans-serif}
    header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;margin-bottom:1.25rem}
    h1{margin:0;font-size:1.5rem}
    .state{margin:0;padding:.15rem .7rem;border:1px solid;border-radius:1rem;font-weight:600}
    .ready{color:var(--good)}
    .starting,.draining{color:var(--wait)}
    .where{margin:0 0 0 auto;text-align:right;color:var(--soft)}
    main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr))}
    section{padding:.9rem 1.1rem;border:1px solid var(--line);border-radius:.6rem;\
    background:var(--card);min-width:0;overflow-x:auto}
    h2{margin:0 0 .5rem;font-size:1rem}
    table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{padding:.25rem 0 .25rem .75rem;text-align:right;font-weight:400;white-space:nowrap}
    th[scope=row],td:first-child{padding-left:0;text-align:left}
    th{color:var(--soft)}
    tr+tr>*{border-top:1px solid var(--line)}
    dl{margin:0;font-variant-numeric:tabular-nums}
    table+dl{margin-top:.25rem;border-top:1px solid var(--line)}
    dl div{display:flex;justify-content:space-between;gap:1rem;padding:.25rem 0}
    dl div+div{border-top:1px solid var(--line)}
    dt{color:var(--soft)}
    dd{margin:0;text-align:right;overflow-wrap:anywhere}
    footer{margin-top:1.25rem;color:var(--soft)}
    a{color:var(--link)}
    @media(min-width:42rem){.wide{grid-column:span 2}}
    """
}
