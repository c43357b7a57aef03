/// A text that begins with something and repeats something else.
struct Shape: CustomStringConvertible {
  var start = ""
  let unit: String

  var description: String {
    (start.isEmpty ? "" : "\(start.debugDescription), then ") + unit.debugDescription
  }

  /// `byteCount` bytes of it, more or less.
  func text(byteCount: Int) -> [UInt8] {
    var text = Array(start.utf8)
    text.reserveCapacity(byteCount + unit.utf8.count)
    while text.count < byteCount { text += unit.utf8 }
    return text
  }
}

/// What is scanned.
enum Language: CaseIterable {
  case css, javaScript

  var fileName: String { self == .css ? "a.css" : "a.js" }

  /// What the references and the blocks around them are made of, and what nearly is.
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

  /// Up to three tokens repeated, and up to two behind another one.
  var shapes: [Shape] {
    let pairs = tokens + tokens.flatMap { first in tokens.map { first + $0 } }
    return pairs.flatMap { pair in
      [Shape(unit: pair)]
        + tokens.flatMap { [Shape(unit: $0 + pair), Shape(start: $0, unit: pair)] }
    }
  }

  /// A line of minified text, with references in the density of a large bundle's.
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
