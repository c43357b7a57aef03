import Foundation
import TestSupport
import Testing

@testable import StaticAssets

/// Building a table: scanning a directory, planning the bodies, reading them in several threads.
///
/// Goal: no response has the entity tag or length of another content, even if files change
/// meanwhile or a manifest is wrong.
@Suite struct FileTableLoadingTests {
  private let directory = TemporaryDirectory()

  /// One file as `staticd.json` describes it.
  private struct Collected {
    var name: String
    var content: String
    var sha256: String
    var codings: [String: Int] = [:]
  }

  private func writeManifest(_ files: [Collected]) {
    let lines = files.map { file in
      let codings = file.codings.map { #"{"coding": "x", "file": "\#($0)", "bytes": \#($1)}"# }
      return #""\#(file.name)": {"bytes": \#(file.content.utf8.count), "#
        + #""sha256": "\#(file.sha256)", "type": "text/x", "codings": "#
        + "[\(codings.joined(separator: ", "))]}"
    }
    let text = "{\"version\": 1, \"files\": {\(lines.joined(separator: ",\n"))}}"
    directory.write(text, to: "staticd.json")
  }

  private func digest(_ start: String) -> String {
    start.padding(toLength: 64, withPad: "0", startingAt: 0)
  }

  private func get(_ table: FileTable, _ name: String, _ fields: String = "") -> PlannedAnswer? {
    PlannedAnswer(table, "GET /static/\(name) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
  }

  private func setTime(_ name: String, _ seconds: Int, in directory: TemporaryDirectory? = nil) {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    let path = (directory ?? self.directory).path(name)
    precondition(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
  }

  /// A table of a directory that `change` modifies after the scan.
  private func table(
    _ options: FileTable.Options = .init(),
    changed change: () throws -> Void
  ) throws -> FileTable {
    let mount = FileTable.Mount(directory.path, at: "/static/", kind: .collected)
    var builder = FileTableBuilder(options, [:])
    builder.begin(try ScannedMount(mount))
    try change()
    try builder.addFiles()
    builder.addTerritories([mount])
    return FileTable(builder.finish())
  }

  @Test(
    "a file that vanishes or changes after the scan is not served",
    arguments: [nil, "", "shor", "longer", "SHORT"],
    [0, 1000]
  )
  func changes(content: String?, bodyInMemoryMax: Int) throws {
    directory.write("short", to: "a.txt")
    // Otherwise the change may fall into the same tick of the file system's clock.
    setTime("a.txt", 784_111_777)
    directory.write("other", to: "b.txt")
    let table = try table(.init(bodyInMemoryMax: bodyInMemoryMax)) {
      if let content {
        directory.write(content, to: "a.txt")
      } else {
        try FileManager.default.removeItem(atPath: directory.path("a.txt"))
      }
    }
    #expect(get(table, "a.txt")?.status == 404)
    #expect(get(table, "b.txt")?.body == (bodyInMemoryMax > 0 ? "other" : "file 0: 0+5"))
    let reason = content == nil ? "cannot open" : "changed while it was read"
    #expect(table.warnings.count == 1)
    #expect(table.warnings.first?.contains(reason) == true)
    #expect(table.warnings.first?.contains(directory.path("a.txt")) == true)
  }

  @Test("a file whose coding vanishes after the scan is served without it")
  func codingVanishes() throws {
    directory.write("content of a", to: "a.txt")
    directory.write("a", to: "a.txt.br")
    let table = try table { try FileManager.default.removeItem(atPath: directory.path("a.txt.br")) }
    let answer = try #require(get(table, "a.txt", "Accept-Encoding: br\r\n"))
    #expect(answer.body == "content of a")
    #expect(answer.fields["Content-Encoding"] == nil)
    #expect(answer.fields["Vary"] == nil)
    #expect(table.warnings.count == 1)
  }

  @Test("equal contents are in memory once")
  func shared() throws {
    let content = String(repeating: "x", count: 1000)
    for name in ["a.0.css", "a.css"] {
      directory.write(content, to: name)
      directory.write("b" + name.suffix(3), to: name + ".br")
    }
    writeManifest(
      ["a.0.css", "a.css"].map {
        Collected(name: $0, content: content, sha256: digest("a"), codings: [$0 + ".br": 4])
      }
    )
    // A second copy would exceed the limit.
    let table = try FileTable(root: directory.path, options: .init(bodyMemoryMax: 1004))
    for name in ["a.0.css", "a.css"] {
      #expect(get(table, name)?.body == content)
      let answer = try #require(get(table, name, "Accept-Encoding: br\r\n"))
      #expect(answer.body == "bcss")
      #expect(answer.fields["ETag"] == "\"a000000000000000-br\"")
    }
  }

  @Test("a file is read if the other one with the same content could not be")
  func twinVanishes() throws {
    for name in ["a.0.css", "a.css"] { directory.write("content", to: name) }
    writeManifest(
      ["a.0.css", "a.css"].map { Collected(name: $0, content: "content", sha256: digest("a")) }
    )
    let table = try table {
      try FileManager.default.removeItem(atPath: directory.path("a.0.css"))
    }
    #expect(get(table, "a.0.css")?.status == 404)
    #expect(get(table, "a.css")?.body == "content")
    #expect(table.warnings.count == 1)
  }

  @Test("digests that differ after their first eight bytes are different contents")
  func collision() throws {
    let names = (0..<20).map { "f\($0).txt" }
    for name in names { directory.write(String("content \(name)".suffix(9)), to: name) }
    writeManifest(
      names.enumerated().map { index, name in
        Collected(
          name: name,
          content: String("content \(name)".suffix(9)),
          sha256: digest("0123456789abcdef\(100 + index)")
        )
      }
    )
    let table = try FileTable(root: directory.path)
    for name in names { #expect(get(table, name)?.body == String("content \(name)".suffix(9))) }
  }

  @Test("equal digests of files with different lengths are not treated as one content")
  func wrongDigest() throws {
    for content in ["one", "three"] { directory.write(content, to: content) }
    writeManifest(
      ["one", "three"].map { Collected(name: $0, content: $0, sha256: digest("a")) }
    )
    let table = try FileTable(root: directory.path)
    for content in ["one", "three"] { #expect(get(table, content)?.body == content) }
  }

  @Test("a manifest that disagrees with the disk is ignored for that file")
  func disagreeing() throws {
    directory.write("new content", to: "changed.txt")
    directory.write("new", to: "changed.txt.br")
    directory.write("content", to: "kept.txt")
    directory.write("four", to: "kept.txt.br")
    directory.write("five5", to: "kept.txt.gz")
    writeManifest([
      Collected(
        name: "changed.txt",
        content: "old",
        sha256: digest("a"),
        codings: ["changed.txt.br": 2]
      ),
      Collected(
        name: "kept.txt",
        content: "content",
        sha256: digest("b"),
        codings: ["kept.txt.br": 3, "kept.txt.gz": 5]
      ),
      Collected(name: "gone.txt", content: "gone", sha256: digest("c")),
    ])
    let table = try FileTable(root: directory.path)
    #expect(table.fileCount == 2)
    #expect(table.warnings.isEmpty)
    let changed = try #require(get(table, "changed.txt"))
    #expect(changed.body == "new content")
    #expect(changed.fields["ETag"]?.hasSuffix("-b\"") == true)
    #expect(changed.fields["Content-Type"] == "text/plain; charset=\"utf-8\"")
    // Checked by its time, as in a directory that was not collected.
    #expect(get(table, "changed.txt", "Accept-Encoding: br\r\n")?.body == "new")
    let kept = try #require(get(table, "kept.txt", "Accept-Encoding: br\r\n"))
    #expect(kept.body == "content")
    #expect(kept.fields["ETag"] == "\"b000000000000000\"")
    #expect(kept.fields["Content-Type"] == "text/x")
    #expect(get(table, "kept.txt", "Accept-Encoding: gzip\r\n")?.body == "five5")
  }

  @Test(
    "a coding that was collected as a file of its own is served as a file, in any manifest",
    arguments: [0, 1, 3, 4, 5, 9],
    [true, false]
  )
  func collectedCoding(namesBetween: Int, isSorted: Bool) throws {
    directory.write("content of the archive", to: "d.tar")
    directory.write("archive", to: "d.tar.gz")
    directory.write("coding", to: "d.tar.br")
    var files = [
      Collected(
        name: "d.tar",
        content: "content of the archive",
        sha256: digest("a"),
        codings: ["d.tar.br": 6]
      )
    ]
    // Names that sort between the file and its codings.
    for number in 0..<namesBetween {
      directory.write("other", to: "d.tar-\(number)")
      files.append(Collected(name: "d.tar-\(number)", content: "other", sha256: digest("c")))
    }
    files.append(Collected(name: "d.tar.gz", content: "archive", sha256: digest("b")))
    writeManifest(isSorted ? files : files.reversed())
    let table = try FileTable(root: directory.path)
    #expect(table.fileCount == 2 + namesBetween)
    #expect(get(table, "d.tar.gz")?.body == "archive")
    #expect(get(table, "d.tar.gz")?.fields["ETag"] == "\"b000000000000000\"")
    #expect(get(table, "d.tar.br")?.status == 404)
    #expect(get(table, "d.tar", "Accept-Encoding: gzip\r\n")?.body == "content of the archive")
    #expect(get(table, "d.tar", "Accept-Encoding: br\r\n")?.body == "coding")
  }

  @Test("names that sort between a file and its codings, and escapes in the manifest")
  func names() throws {
    let names = ["a", "a-", "a.b", "a.br.css", "a.css", "a.css+.js", "a.css-.br", "é.css", "a/b"]
    directory.write("file", to: "x/a")
    for name in names where name != "a/b" {
      directory.write("content of \(name)", to: name)
      directory.write("br", to: name + ".br")
    }
    directory.write("gz", to: "a.css.br.gz")
    writeManifest([
      Collected(
        name: "\\u00e9.css",
        content: "content of é.css",
        sha256: digest("a"),
        codings: ["\\u00e9.css.br": 2]
      )
    ])
    let table = try FileTable(root: directory.path)
    for name in names where name != "a/b" {
      #expect(get(table, name)?.body == "content of \(name)", "\(name)")
      #expect(get(table, name, "Accept-Encoding: br\r\n")?.body == "br", "\(name)")
      #expect(get(table, name + ".br")?.status == 404, "\(name)")
    }
    #expect(get(table, "é.css")?.fields["ETag"] == "\"a000000000000000\"")
    #expect(get(table, "a.css.br.gz")?.status == 404)
    #expect(table.fileCount == names.count)
  }

  @Test("entries that are not files of the root are left out, with a warning", arguments: [1, 4])
  func leftOut(threadCountMax: Int) throws {
    let outside = TemporaryDirectory()
    outside.write("br", to: "x.br")
    directory.write("content of a", to: "d/a.css")
    directory.link("d/a.css.br", to: outside.path("x.br"))
    directory.link("d/outside", to: outside.path)
    directory.link("d/broken.css", to: "nowhere")
    directory.link("d/itself.css", to: "itself.css")
    precondition(mkfifo(directory.path("d/a.css.gz"), 0o644) == 0)
    directory.link("inside", to: "d")
    directory.link("a.css", to: "d/a.css")
    let table = try FileTable(
      mounts: [.init(directory.path, at: "/static/", kind: .collected)],
      options: .init(),
      threadCountMax: threadCountMax
    )
    for name in ["d/a.css", "inside/a.css", "a.css"] {
      let answer = try #require(get(table, name, "Accept-Encoding: br, gzip\r\n"))
      #expect(answer.body == "content of a", "\(name)")
      #expect(answer.fields["Vary"] == nil)
    }
    for name in ["d/outside/x.br", "d/broken.css", "d/itself.css", "d/a.css.br", "d/a.css.gz"] {
      #expect(get(table, name)?.status == 404, "\(name)")
    }
    for name in ["a.css.br", "outside", "broken.css", "itself.css", "a.css.gz"] {
      for path in ["d/\(name)", "inside/\(name)"] {
        let lines = table.warnings.filter { $0.contains("'\(directory.path(path))'") }
        #expect(lines.count == 1, "\(path)")
      }
    }
    #expect(table.warnings.count == 10)
    #expect(table.fileCount == 3)
  }

  @Test("bodies are kept in memory up to the limit", arguments: [(29, 2), (30, 3), (31, 3)])
  func memory(bodyMemoryMax: Int, expected: Int) throws {
    let names = ["a.txt", "b.txt", "c.txt"]
    for name in names { directory.write("0123456789", to: name) }
    let table = try FileTable(
      root: directory.path,
      options: .init(bodyMemoryMax: bodyMemoryMax)
    )
    let bodies = names.compactMap { get(table, $0)?.body }
    #expect(bodies.count == 3)
    #expect(bodies.filter { $0 == "0123456789" }.count == expected)
  }

  @Test("a name that occurs twice in a manifest is one file")
  func duplicateName() throws {
    directory.write("content", to: "a.txt")
    writeManifest([
      Collected(name: "a.txt", content: "content", sha256: digest("a")),
      Collected(name: "a.txt", content: "older", sha256: digest("b")),
    ])
    let table = try FileTable(root: directory.path)
    #expect(table.fileCount == 1)
    #expect(get(table, "a.txt")?.body == "content")
    #expect(get(table, "a.txt")?.fields["ETag"] == "\"a000000000000000\"")
  }

  @Test("the table does not depend on the order in which files were created", arguments: [1, 4])
  func order(threadCountMax: Int) throws {
    let names = (0..<100).map { "d\($0 % 7)/f\($0).txt" }
    let options = FileTable.Options(bodyMemoryMax: 2000)
    let tables = try [names, names.reversed()].map { names in
      let root = TemporaryDirectory()
      for name in names {
        for name in [name, name + ".br"] {
          root.write(
            name.padding(toLength: 100 - name.count, withPad: "x", startingAt: 0),
            to: name
          )
          setTime(name, 784_111_777, in: root)
        }
      }
      root.link("broken", to: "nowhere")
      return try FileTable(
        mounts: [.init(root.path, at: "/static/", kind: .collected)],
        options: options,
        threadCountMax: threadCountMax
      )
    }
    #expect(tables[0].memoryByteCount == tables[1].memoryByteCount)
    #expect(tables.map(\.warnings.count) == [1, 1])
    for name in names {
      for field in ["", "Accept-Encoding: br\r\n"] {
        let answers = tables.map { get($0, name, field) }
        #expect(answers[0]?.status == 200)
        #expect(answers[0]?.fields == answers[1]?.fields)
        #expect(answers[0]?.body == answers[1]?.body)
      }
    }
  }

  @Test("the table does not depend on the number of threads")
  func deterministic() throws {
    var names: [String] = []
    for index in 0..<1500 {
      let name = "d\(index % 40)/e\(index % 3)/f\(index).txt"
      directory.write(String(repeating: "x", count: 40 + index % 97), to: name)
      directory.write("br\(index)", to: name + ".br")
      names.append(name)
    }
    let options = FileTable.Options(bodyMemoryMax: 100_000)
    let one = try FileTable(
      mounts: [.init(directory.path, at: "/static/", kind: .collected)],
      options: options,
      threadCountMax: 1
    )
    let several = try FileTable(
      mounts: [.init(directory.path, at: "/static/", kind: .collected)],
      options: options,
      threadCountMax: 8
    )
    #expect(one.memoryByteCount == several.memoryByteCount)
    #expect(one.fileCount == names.count)
    for name in names {
      for field in ["", "Accept-Encoding: br\r\n"] {
        let (first, second) = (get(one, name, field), get(several, name, field))
        #expect(first?.fields == second?.fields)
        #expect(first?.body == second?.body)
        #expect(first?.status == 200)
      }
    }
  }
}
