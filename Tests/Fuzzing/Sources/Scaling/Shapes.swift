/// A text with a prefix and a repeated part.
struct Shape: CustomStringConvertible {
  var start = ""
  let unit: String

  var description: String {
    (start.isEmpty ? "" : "\(start.debugDescription), then ") + unit.debugDescription
  }

  /// About `byteCount` bytes of it.
  func text(byteCount: Int) -> [UInt8] {
    var text = Array(start.utf8)
    text.reserveCapacity(byteCount + unit.utf8.count)
    while text.count < byteCount { text += unit.utf8 }
    return text
  }
}

/// A scanned language.
enum Language: CaseIterable {
  case css, javaScript

  var fileName: String { self == .css ? "a.css" : "a.js" }

  /// The parts of references and of the blocks around them, and near misses.
  private var tokens: [String] {
    let common = ["\"", "'", "\\", "\n", " ", ")", "a", "/*", "*/", "\u{3000}", ";", "./"]
    return switch self {
    case .css:
      common + ["url(", "@import", "/*# sourceMappingURL=", "\")", "')", "\n/*# sourceMappingURL="]
    case .javaScript:
      common + [
        "import", "export", "import{", "export ", "import(", "import*", "as", "from", "from'./",
        "\u{131}mport ", "//", "`", "\n//# sourceMappingURL=",
      ]
    }
  }

  /// Up to three tokens repeated, and up to two after another one.
  var shapes: [Shape] {
    let pairs = tokens + tokens.flatMap { first in tokens.map { first + $0 } }
    return pairs.flatMap { pair in
      [Shape(unit: pair)]
        + tokens.flatMap { [Shape(unit: $0 + pair), Shape(start: $0, unit: pair)] }
    }
  }

  /// A line of minified text, with the density of references of a large bundle.
  var bundle: Shape {
    switch self {
    case .css:
      Shape(unit: ".a:hover>.b{margin:0 auto;background:#fff url(../i/a.png) no-repeat}")
    case .javaScript:
      Shape(
        unit: "import{a as b}from\"./m.js\";function f(a,b){return a.map(x=>x*2)||b[\"k\"]/*c*/}"
      )
    }
  }
}
