import Foundation
import TestSupport
import Testing

@testable import staticd

/// Configuration files compared with Python's `tomllib`: which documents are valid, and their
/// values.
@Suite struct TOMLParityTests {
  private static let seeds = [
    "a = 1\n[b.c]\nd = [1, 'x', [true]] # e\n[[f]]\ng.h = {i = 1, j.k = \"l\"}\n[[f]]\n[f.m]\n",
    "\"a b\" = 'C:\\n'\na.b.c = -17\na.b.d = 1_0\n[a.e]\nx = 0x1F\ny = 0o7\nz = 0b1\n",
    "a = \"\"\"\nx \\\n  y\"\"\"\nb = '''\n'z'''\nc = \"\\t\\u0041\\\\\"\n",
    "a = [1.5, -0.0, 5e2, inf, -nan]\nb = [07:32:00, 1979-05-27, 1979-05-27T07:32:00.5Z]\n",
    "a = 1979-05-27 07:32:00-07:00\r\nb = [\n 1, # x\n 2,\n]\nc = {}\nd = []\n",
    "[tool.staticd]\nlisten = [':8000', \"[::]:80\"]\nmax-age = 60\ncors = false\n[project]\nname = 'x'\n",
  ]

  /// Prints each document as `text(_:)` below does, or `!`; separated by NUL.
  private static let script = """
    import datetime, sys, tomllib
    def text(value):
        if isinstance(value, bool): return "true" if value else "false"
        if isinstance(value, int):
            if not -2**63 <= value < 2**63: raise ValueError
            return str(value)
        if isinstance(value, float): return "fraction"
        if isinstance(value, str): return '"' + value + '"'
        if isinstance(value, list): return "[" + ",".join(map(text, value)) + "]"
        if isinstance(value, dict):
            return "{" + ",".join(f"{k}:{text(v)}" for k, v in sorted(value.items())) + "}"
        return "time"
    results = []
    for document in open(sys.argv[1], encoding="utf-8", newline="").read().split("\\0"):
        try: results.append(text(tomllib.loads(document)))
        except ValueError: results.append("!")
    sys.stdout.write("\\0".join(results))
    """

  private func text(_ value: TOMLValue) -> String {
    switch value {
    case .text(let text): return "\"\(text)\""
    case .number(let number): return "\(number)"
    case .fraction: return "fraction"
    case .boolean(let isTrue): return "\(isTrue)"
    case .time: return "time"
    case .array(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
    case .table(let table):
      let entries = table.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return "{" + entries.map { "\($0.key):\(text($0.value.value))" }.joined(separator: ",") + "}"
    }
  }

  @Test("documents with one or two edits, the same in each run")
  func edits() throws {
    var random = SplitMix64(seed: 1)
    let pieces =
      Array("[]{}=\"'.,\n #-_\\:0127aeTZ+\t\r").map(String.init) + ["'''", "\"\"\"", "[[", "]]"]
    var documents = Self.seeds
    for number in 0..<6000 {
      var document = Array(Self.seeds[number % Self.seeds.count])
      for _ in 0...Int.random(in: 0..<2, using: &random) {
        let place = Int.random(in: 0..<document.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: document.remove(at: place)
        case 1:
          let end = min(document.count, place + Int.random(in: 1..<12, using: &random))
          document += document[place..<end]
        default:
          document.insert(contentsOf: pieces.randomElement(using: &random) ?? "", at: place)
        }
      }
      documents.append(String(document))
    }
    let directory = TemporaryDirectory()
    let file = directory.write(documents.joined(separator: "\0"), to: "documents")
    let python = try Command.fixture("django/bin/python")
    let result = Command.run([python, "-c", Self.script, file])
    try #require(result.status == 0, "\(result.errors)")
    let expected = result.output.split(separator: "\0", omittingEmptySubsequences: false)
    try #require(expected.count == documents.count)
    var accepted = 0
    for (document, expected) in zip(documents, expected) {
      let read = (try? TOMLReader.read(document)).map { text(.table($0)) } ?? "!"
      #expect(read == expected, "\(document)")
      if expected != "!" { accepted += 1 }
    }
    // The comparison is meaningful only if both valid and invalid documents occur.
    #expect(accepted > 500 && accepted < 5500, "\(accepted)")
  }
}
