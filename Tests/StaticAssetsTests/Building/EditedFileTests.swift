import Foundation
import TestSupport
import Testing

@testable import StaticAssets

/// Files that were edited below a collected root, with the same size.
///
/// A strong entity tag stands for one content (RFC 9110 §8.8.3), and so does a name with a hash.
@Suite struct EditedFileTests {
  private let directory = TemporaryDirectory()
  private let content = "a { width: 1px }"
  private let edited = "a { width: 9px }"
  private let collectedTime = 1_700_000_000

  /// A collected root of `f1.css` and its hashed copy, each with a coding, all of one time.
  init() {
    let digest = String(
      decoding: SHA256Digest.hexadecimal(Array(content.utf8)),
      as: UTF8.self
    )
    let lines = ["f1.css", "f1.0123456789ab.css"].map { name in
      directory.write(content, to: name)
      directory.write("br", to: name + ".br")
      let policy =
        name == "f1.css" ? "" : #""cacheControl": "\#(CachePolicy.immutableFieldValue)", "#
      return #""\#(name)": {"bytes": 16, "sha256": "\#(digest)", \#(policy)"type": "text/css", "#
        + #""codings": [{"coding": "br", "file": "\#(name).br", "bytes": 2}]}"#
    }
    directory.write(
      "{\"version\": 1, \"files\": {\(lines.joined(separator: ", "))}}",
      to: "staticd.json"
    )
    for name in ["f1.css", "f1.0123456789ab.css"] {
      set(name, collectedTime)
      set(name + ".br", collectedTime)
    }
    set("staticd.json", collectedTime)
  }

  private func set(_ name: String, _ seconds: Int) {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    precondition(utimensat(AT_FDCWD, directory.path(name), [time, time], 0) == 0)
  }

  private func get(_ table: FileTable, _ name: String, _ fields: String = "") throws
    -> PlannedAnswer
  {
    try #require(PlannedAnswer(table, "GET /static/\(name) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"))
  }

  @Test(
    "an edited file has its own bytes, tag and life, and no earlier coding; others are as collected",
    arguments: ["f1.css", "f1.0123456789ab.css"],
    [0, Int.max]
  )
  func edits(name: String, bodyReadsMax: Int) throws {
    directory.write(edited, to: name)
    let mount = FileTable.Mount(directory.path, at: "/static/", kind: .collected)
    let table = try FileTable(mounts: [mount], options: .init(), bodyReadsMax: bodyReadsMax)
    let tables = try [table, FileTable(root: directory.path)]
    for table in tables {
      let other = name == "f1.css" ? "f1.0123456789ab.css" : "f1.css"
      let answer = try get(table, name)
      let untouched = try get(table, other)
      if bodyReadsMax > 0 {
        #expect(answer.body == edited)
        #expect(untouched.body == content)
        #expect(try get(table, other, "Accept-Encoding: br\r\n").body == "br")
      }
      let tag = try #require(answer.fields["ETag"])
      #expect(tag != untouched.fields["ETag"])
      #expect(answer.fields["Cache-Control"]?.contains("immutable") != true)
      let hashed = try get(table, "f1.0123456789ab.css").fields["Cache-Control"]
      #expect(hashed?.contains("immutable") == (name == "f1.css"))
      #expect(try get(table, name, "Accept-Encoding: br\r\n").fields["Content-Encoding"] == nil)
      let held = try #require(untouched.fields["ETag"])
      #expect(try get(table, name, "If-None-Match: \(held)\r\n").status == 200)
      #expect(table.warnings.count == (name == "f1.css" ? 0 : 1))
      #expect(table.warnings.first?.contains("f1.0123456789ab.css") != false)
    }
  }

  @Test("a coding of the second of the edit, but before it, is not sent")
  func codingOfSameSecond() throws {
    directory.write(edited, to: "f1.css")
    for (name, nanoseconds) in [("f1.css", 500_000_000), ("f1.css.br", 400_000_000)] {
      let time = timespec(tv_sec: collectedTime + 10, tv_nsec: nanoseconds)
      precondition(utimensat(AT_FDCWD, directory.path(name), [time, time], 0) == 0)
    }
    let table = try FileTable(root: directory.path)
    let answer = try get(table, "f1.css", "Accept-Encoding: br\r\n")
    #expect(answer.body == edited && answer.fields["Content-Encoding"] == nil)
  }

  @Test("files that were copied without their times are as collected")
  func copies() throws {
    let before = try FileTable(root: directory.path)
    for name in ["f1.css", "f1.0123456789ab.css"] {
      set(name, collectedTime + 100)
      set(name + ".br", collectedTime + 50)
    }
    let after = try FileTable(root: directory.path)
    #expect(after.warnings.isEmpty)
    for name in ["f1.css", "f1.0123456789ab.css"] {
      for fields in ["", "Accept-Encoding: br\r\n"] {
        let (first, second) = try (get(before, name, fields), get(after, name, fields))
        #expect(first.body == second.body)
        for field in ["ETag", "Cache-Control", "Content-Encoding"] {
          #expect(first.fields[field] == second.fields[field])
        }
      }
    }
  }
}
