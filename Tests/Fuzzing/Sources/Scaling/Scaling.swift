import Glibc
@_spi(Measuring) import StaticCollector

/// Checks that scanners take time linear in the size of the text, in the worst case too.
///
/// Every repetition of a few tokens is tried at 50 kB. The slowest of them, and two texts as
/// bundlers write them, are then scanned at 0.5, 5 and 50 MB. Fails if ten times the text takes
/// more than twenty times the time.
@main struct Scaling {
  static func main() {
    var isLinear = true
    for language in Language.allCases {
      let shapes = language.shapes
      let slowest = shapes.map { (shape: $0, seconds: seconds(language, $0, byteCount: 50_000)) }
        .sorted { $0.seconds > $1.seconds }
      print("\n\(language), \(shapes.count) texts; the slowest, and that of a bundler:")
      print("   0.5 MB     5 MB    50 MB  text")
      for shape in slowest.prefix(8).map(\.shape) + [language.bundle] {
        isLinear = measure(language, shape) && isLinear
      }
    }
    exit(isLinear ? 0 : 1)
  }

  /// Prints the times of `shape` and returns whether they grow linearly.
  private static func measure(_ language: Language, _ shape: Shape) -> Bool {
    var line = ""
    var previous: Double?
    for byteCount in [500_000, 5_000_000, 50_000_000] {
      let seconds = seconds(language, shape, byteCount: byteCount)
      line += column(seconds)
      // Below a tenth of a second, constant costs dominate.
      if let previous, seconds > 0.1, seconds > previous * 20 {
        print("\(line)  \(shape): not linear")
        return false
      }
      previous = seconds
    }
    print("\(line)  \(shape)")
    return true
  }

  /// CPU time of a scan; for the middle size, which is compared with both others, the best of
  /// three.
  private static func seconds(_ language: Language, _ shape: Shape, byteCount: Int) -> Double {
    let text = shape.text(byteCount: byteCount)
    return (0..<(byteCount == 5_000_000 ? 3 : 1)).map { _ in
      let start = clock()
      _ = ReferenceScan.count(in: text, fileNamed: language.fileName, rewritesModules: true)
      return Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }.min() ?? 0
  }

  private static func column(_ seconds: Double) -> String {
    let thousandths = "\(Int((seconds * 1000).rounded()))"
    return String(repeating: " ", count: max(1, 6 - thousandths.utf8.count)) + thousandths + " ms"
  }
}
