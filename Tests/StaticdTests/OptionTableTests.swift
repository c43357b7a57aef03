import Foundation
import Testing

@testable import staticd

/// The table that declares all options.
///
/// Goal: the table is consistent. Method: rules that hold for every row.
@Suite struct OptionTableTests {
  @Test("each option has one row per command, and each command one row per option")
  func rows() {
    for command in CommandName.allCases {
      let names = OptionTable.options(of: command).map(\.name)
      #expect(Set(names).count == names.count, "\(command)")
      let letters = OptionTable.options(of: command).compactMap(\.letter)
      #expect(Set(letters).count == letters.count, "\(command)")
      #expect(!letters.contains("h") && !letters.contains("V"))
    }
    for name in OptionName.allCases {
      #expect(OptionTable.rows.contains { $0.name == name && !$0.commands.isEmpty }, "\(name)")
    }
  }

  @Test("explain takes the whole line of serve")
  func explaining() {
    let served = Set(OptionTable.options(of: .serve).map(\.name))
    #expect(served.subtracting(OptionTable.options(of: .explain).map(\.name)) == [])
  }

  @Test("an option has the same kind, letter and variables in every command")
  func agreement() {
    for name in OptionName.allCases {
      let rows = OptionTable.rows.filter { $0.name == name }
      for row in rows {
        #expect(row.isSwitch == rows[0].isSwitch && row.isList == rows[0].isList, "\(name)")
        #expect(row.isRepeated == rows[0].isRepeated && row.letter == rows[0].letter, "\(name)")
        #expect(row.variables.map(\.name) == rows[0].variables.map(\.name), "\(name)")
      }
    }
  }

  @Test("defaults are valid values", arguments: OptionTable.rows.map(\.name))
  func defaults(name: OptionName) {
    for row in OptionTable.rows where row.name == name {
      if let standard = row.standard { #expect(row.refusal(of: standard) == nil) }
      if let omitted = row.omitted { #expect(row.refusal(of: omitted) == nil) }
      #expect(row.standard == nil || row.otherwise == nil)
      #expect(!row.isSwitch || row.standard == nil)
      #expect(row.help.hasSuffix("."), "\(row.help)")
    }
  }

  @Test(
    "invalid values of each kind",
    arguments: [
      (.workers, "0", "give a number from 1 to 256"), (.workers, "257", "give a number from 1"),
      (.workers, "x", "give a number from 1"), (.workers, "", "give a number from 1"),
      (.workers, "256", nil), (.accessLog, "xml", "give json, combined or off"),
      (.accessLog, "off", nil), (.missing, "", "give error or warn"),
      (.fileMode, "999", "give octal digits"), (.fileMode, "umask", nil), (.fileMode, "0640", nil),
      (.cache, "", "give a directory"), (.report, "", "give a file"), (.url, "", nil),
    ] as [(OptionName, String, String?)]
  )
  func refusals(name: OptionName, text: String, reason: String?) throws {
    let row = try #require(OptionTable.rows.first { $0.name == name })
    let refusal = row.refusal(of: text)
    #expect((refusal == nil) == (reason == nil))
    #expect(refusal?.hasPrefix(reason ?? "") ?? true, "\(refusal ?? "")")
  }

  @Test("help, manual and completions name every option")
  func documentation() {
    let help = HelpText(width: 80)
    for command in CommandName.allCases {
      let text = help.whole(command)
      let page = ManualPage(command).description.replacing("\\-", with: "-")
      #expect(
        text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("  staticd") }
      )
      for option in OptionTable.options(of: command) {
        let name = "--\(option.name.rawValue)"
        #expect(text.contains("\(name)") && page.contains(name), "\(name)")
        for shell in Completions.allCases {
          #expect(shell.script.contains(option.name.rawValue), "\(shell): \(name)")
        }
      }
      #expect(help.short(command).count < text.count)
    }
  }

  @Test(
    "the example of an option uses it, with one of its commands",
    arguments: OptionTable.rows.map(\.name)
  )
  func examples(name: OptionName) {
    for row in OptionTable.rows where row.name == name {
      let words = row.example.split(separator: " ").map(String.init)
      #expect(row.commands.map(\.rawValue).contains(words[0]), "\(row.example)")
      let spellings = ["--\(name.rawValue)"] + (row.letter.map { ["-\($0)"] } ?? [])
      #expect(words.contains { spellings.contains($0) }, "\(row.example)")
    }
  }

  @Test("the reference in the documentation matches the table")
  func reference() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/staticd/staticd.docc/Reference")
    for page in ReferencePage.all {
      let file = sources.appending(path: "\(page.name).md")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text == page.text, "\(page.name) is stale: run scripts/internal/write-reference")
    }
  }
}
