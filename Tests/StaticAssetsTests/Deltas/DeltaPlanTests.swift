import CAllocations
import TestSupport
import Testing

@testable import StaticAssets

/// The selection of a delta, and the fields of the response.
///
/// Goal: a delta is sent only to a client that has its dictionary, accepts the coding and may read
/// the response; in all other cases brotli is sent.
@Suite struct DeltaPlanTests {
  private static let path = "/static/\(DeltaRoot.script)"
  private static let tag = "\"ffffffffffffffff-dcz-0123456789ab\""
  private static let other = "Available-Dictionary: :pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=:"

  private func ask(
    _ table: FileTable,
    _ fields: [String],
    method: String = "GET"
  ) -> PlannedAnswer? {
    let lines = (["Host: x"] + fields).map { $0 + "\r\n" }.joined()
    return PlannedAnswer(table, "\(method) \(Self.path) HTTP/1.1\r\n\(lines)\r\n")
  }

  private static let offer = DeltaRoot.offer
  private static let accepted = DeltaRoot.accepted
  private static let crossSite = "Sec-Fetch-Site: cross-site"

  @Test(
    "which coding is sent",
    arguments: [
      ([accepted, offer], "dcz"),
      ([offer, "Accept-Encoding: dcz"], "dcz"),
      ([offer, "Accept-Encoding: br", "Accept-Encoding: dcz"], "dcz"),
      ([offer, "Accept-Encoding: DCZ;q=1"], "dcz"),
      // No dictionary, another one, or no such field.
      ([accepted], "br"),
      ([accepted, other], "br"),
      ([accepted, offer + ";a=1"], "br"),
      ([accepted, offer, offer], "br"),
      ([accepted, offer, other], "br"),
      ([accepted, "Available-Dictionary: x"], "br"),
      ([accepted, "Available-Dictionary:"], "br"),
      // Not accepted, or another coding is preferred.
      ([offer, "Accept-Encoding: br"], "br"),
      ([offer, "Accept-Encoding: *"], "br"),
      ([offer, "Accept-Encoding: br, dcz;q=0"], "br"),
      ([offer, "Accept-Encoding: br, dcz;q=0.9"], "br"),
      ([offer, "Accept-Encoding: identity, dcz;q=0.9"], nil),
      ([offer, "Accept-Encoding: br;q=0.9, dcz"], "dcz"),
      ([offer], nil),
      // RFC 9842 §9.3.3.
      ([accepted, offer, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: no-cors"], "dcz"),
      ([accepted, offer, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"], "br"),
      ([accepted, offer, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"], "dcz"),
      ([accepted, offer, crossSite], "dcz"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: no-cors"], "br"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: websocket"], "br"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: navigate"], "dcz"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: same-origin"], "dcz"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: cors"], "br"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: cors", "Origin: https://a.test"], "dcz"),
      (
        [
          accepted, offer, crossSite, "Sec-Fetch-Mode: cors", "Origin: https://a.test", "Origin: b",
        ],
        "br"
      ),
      (
        [accepted, offer, "Sec-Fetch-Site: same-origin", crossSite, "Sec-Fetch-Mode: no-cors"],
        "br"
      ),
    ] as [([String], String?)]
  )
  func coding(row: (fields: [String], coding: String?)) throws {
    let root = DeltaRoot()
    let answer = try #require(ask(try root.table(), row.fields))
    #expect(answer.status == 200)
    #expect(answer.fields["Content-Encoding"] == row.coding)
    #expect(answer.fields["Vary"] == "Accept-Encoding, Available-Dictionary")
    let first: Character = row.coding == "dcz" ? "^" : row.coding == "br" ? "b" : "s"
    #expect(answer.body?.first == first)
    #expect(answer.fields["Use-As-Dictionary"] == "match=\"/static/app.*.js\"")
  }

  @Test("without CORS, or with CORS for one origin, the page must be same-origin")
  func origins() throws {
    let root = DeltaRoot()
    let cors = [Self.accepted, Self.offer, Self.crossSite, "Sec-Fetch-Mode: cors"]
    var options = FileTable.Options(allowsAllOrigins: false)
    let fields = cors + ["Origin: https://a.test"]
    #expect(ask(try root.table(options), fields)?.fields["Content-Encoding"] == "br")
    options.fields = [try FieldRule("*.js: Access-Control-Allow-Origin: https://a.test")]
    let table = try root.table(options)
    #expect(ask(table, fields)?.fields["Content-Encoding"] == "dcz")
    #expect(ask(table, cors + ["Origin: https://b.test"])?.fields["Content-Encoding"] == "br")
    #expect(ask(table, cors + ["Origin: https://a.test.b"])?.fields["Content-Encoding"] == "br")
  }

  @Test("a table without its bodies already sends Vary for the dictionary")
  func deferred() throws {
    for (isListed, varies) in [
      (true, "Accept-Encoding, Available-Dictionary"), (false, "Accept-Encoding"),
    ] {
      let root = DeltaRoot { $0.isListed = isListed }
      let mount = FileTable.Mount(root.directory.path, at: "/static/", kind: .collected)
      let table = try FileTable(mounts: [mount], options: .init(), bodyReadsMax: 0)
      let answer = try #require(ask(table, [Self.accepted, Self.offer]))
      #expect(answer.fields["Content-Encoding"] == "br")
      #expect(answer.fields["Vary"] == varies)
    }
  }

  @Test("a delta is a representation like any other: HEAD, conditions, ranges")
  func representation() throws {
    let root = DeltaRoot()
    let table = try root.table()
    let wanted = [Self.accepted, Self.offer]
    let get = try #require(ask(table, wanted))
    #expect(get.fields["ETag"] == Self.tag)
    #expect(get.fields["Content-Length"] == "\(DeltaRoot.coded.count)")
    let head = try #require(ask(table, wanted, method: "HEAD"))
    #expect(head.fields == get.fields)
    #expect(head.body == nil)
    let same = try #require(ask(table, wanted + ["If-None-Match: \(Self.tag)"]))
    #expect(same.status == 304)
    #expect(same.fields["Vary"] == "Accept-Encoding, Available-Dictionary")
    #expect(same.fields["Use-As-Dictionary"] == nil)
    let brotli = ask(table, wanted + ["If-None-Match: \"ffffffffffffffff-br\""])
    #expect(brotli?.status == 200)
    #expect(ask(table, wanted + ["If-Match: \"ffffffffffffffff-br\""])?.status == 412)
    let part = try #require(ask(table, wanted + ["Range: bytes=0-7"]))
    #expect(part.status == 206)
    #expect(part.fields["Content-Range"] == "bytes 0-7/\(DeltaRoot.coded.count)")
    #expect(part.fields["Content-Encoding"] == "dcz")
    #expect(part.fields["Use-As-Dictionary"] == nil)
    let stale = ask(table, wanted + ["Range: bytes=0-7", "If-Range: \"ffffffffffffffff-br\""])
    #expect(stale?.status == 200)
    let several = try #require(ask(table, wanted + ["Range: bytes=0-7, 500-507"]))
    #expect(several.status == 206)
    #expect(several.fields["Content-Encoding"] == "dcz")
  }

  @Test("from the disk as from memory")
  func onDisk() throws {
    let root = DeltaRoot()
    let table = try root.table(.init(bodyMemoryMax: 0))
    let answer = try #require(ask(table, [Self.accepted, Self.offer]))
    #expect(answer.fields["Content-Encoding"] == "dcz")
    #expect(answer.body?.hasPrefix("file ") == true)
    #expect(answer.body?.hasSuffix("0+\(DeltaRoot.coded.count)") == true)
  }

  @Test("other files vary as before, and are not dictionaries")
  func otherFiles() throws {
    let answer = try #require(try DeltaRoot().table().ask("/static/plain.txt", Self.offer))
    #expect(answer.fields["Vary"] == nil)
    #expect(answer.fields["Use-As-Dictionary"] == nil)
  }

  @Test(
    "a delta that does not match the manifest is never served",
    arguments: [
      // Other bytes of the same length, other lengths, another dictionary in the head or the record.
      { $0.delta[300] ^= 1 }, { $0.delta.append(0) }, { $0.delta.removeLast() }, { $0.delta = [] },
      {
        $0.delta[20] ^= 1
        $0.listedDelta = $0.delta
      },
      {
        $0.delta[0] ^= 1
        $0.listedDelta = $0.delta
      },
      {
        $0.delta = Array($0.delta.prefix(40))
        $0.listedDelta = $0.delta
      },
      {
        $0.dictionary = String(DeltaRoot.dictionary.prefix(12)) + String(repeating: "0", count: 52)
      },
      { $0.dictionary = String(repeating: "0", count: 64) },
      { $0.dictionary = "0123" },
      { $0.dictionary = DeltaRoot.dictionary.uppercased() },
      { $0.isListed = false },
    ] as [@Sendable (inout DeltaRoot.Shape) -> Void]
  )
  func damaged(change: @Sendable (inout DeltaRoot.Shape) -> Void) throws {
    let root = DeltaRoot { change(&$0) }
    for options in [FileTable.Options(), .init(bodyMemoryMax: 0)] {
      let table = try root.table(options)
      let answer = try #require(ask(table, [Self.accepted, Self.offer]))
      #expect(answer.fields["Content-Encoding"] == "br")
      #expect(answer.fields["Vary"] == "Accept-Encoding")
      #expect(table.ask("/static/\(DeltaRoot.delta)")?.status == 404)
    }
  }

  @Test("a delta has no URL of its own")
  func ownURL() throws {
    let table = try DeltaRoot().table()
    #expect(table.ask("/static/\(DeltaRoot.delta)")?.status == 404)
    #expect(table.fileCount == 2)
    #expect(table.warnings.isEmpty)
  }

  @Test("a root collected without deltas, and small files, offer no dictionaries")
  func noDictionaries() throws {
    for change: (inout DeltaRoot.Shape) -> Void in [
      { $0.deltas = 0 }, { $0.scriptByteCount = 4096 },
    ] {
      let root = DeltaRoot(change)
      let answer = try #require(ask(try root.table(), [Self.accepted]))
      #expect(answer.fields["Use-As-Dictionary"] == nil)
    }
  }

  @Test("the operator's own field replaces ours")
  func ownField() throws {
    var options = FileTable.Options()
    options.fields = [try FieldRule("*.js: Use-As-Dictionary: match=\"/x\"")]
    let answer = try #require(ask(try DeltaRoot().table(options), []))
    #expect(answer.fields["Use-As-Dictionary"] == "match=\"/x\"")
  }

  @Test("the reported number of saved bytes")
  func saved() throws {
    let table = try DeltaRoot().table()
    let text = "GET \(Self.path) HTTP/1.1\r\nHost: x\r\n\(Self.accepted)\r\n\(Self.offer)\r\n\r\n"
    let bytes = Array(text.utf8)
    var head = RequestHead()
    _ = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
    let planned = table.plan(for: head, in: bytes.span)
    let plan = try #require(planned)
    #expect(plan.coding == .dictionaryZstandard)
    #expect(Int(plan.deltaSavedByteCount) == 3000 - DeltaRoot.coded.count)
    #expect(Int(plan.savedByteCount) == 10_000 - DeltaRoot.coded.count)
  }

  @Test("choosing a delta allocates nothing")
  func allocatesNothing() throws {
    let table = try DeltaRoot().table()
    let site = "\(Self.crossSite)\r\nSec-Fetch-Mode: cors\r\nOrigin: https://a.test"
    for fields in [
      Self.offer, "\(Self.offer)\r\n\(Self.offer)", Self.other, "\(Self.offer)\r\n\(site)",
    ] {
      let text = "GET \(Self.path) HTTP/1.1\r\nHost: x\r\n\(Self.accepted)\r\n\(fields)\r\n\r\n"
      let bytes = Array(text.utf8)
      var head = RequestHead()
      _ = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
      _ = table.plan(for: head, in: bytes.span)
      let before = callocations_thread_count()
      _ = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
      let plan = table.plan(for: head, in: bytes.span)
      let after = callocations_thread_count()
      #expect(after == before, "\(fields)")
      #expect(plan != nil)
    }
  }

  @Test("frameworks get the same response")
  func frameworks() throws {
    let table = try DeltaRoot().table()
    func coding(_ fields: [(String, String)]) -> String? {
      var request = ParsedRequest(method: "GET", target: Self.path)
      for (name, value) in fields { request?.add(name, value) }
      let response = request.flatMap { table.response(to: $0) }
      return response?.fields.first { $0.name == "Content-Encoding" }?.value
    }
    let offer = Self.offer.split(separator: " ", maxSplits: 1)
    let wanted = [
      ("Accept-Encoding", "br, dcz"), ("available-dictionary", String(offer[1])),
      ("Content-Length", "x"),
    ]
    #expect(coding(wanted) == "dcz")
    #expect(coding(Array(wanted.prefix(1))) == "br")
    let site = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]
    #expect(coding(wanted + site) == "br")
  }

  @Test(
    "explanations",
    arguments: [
      ([accepted, offer], "dcz of 644 bytes"),
      ([accepted], "the request has no Available-Dictionary"),
      ([accepted, other], "none is made from the content"),
      ([accepted, "Available-Dictionary: x"], "not one SHA-256"),
      ([offer], "does not name dcz"),
      ([accepted, offer, crossSite, "Sec-Fetch-Mode: no-cors"], "without CORS"),
    ]
  )
  func explained(row: (fields: [String], text: String)) throws {
    let lines = (["GET \(Self.path) HTTP/1.1", "Host: x"] + row.fields).joined(separator: "\r\n")
    let root = DeltaRoot()
    let explanation = try root.table().explain(Array((lines + "\r\n\r\n").utf8))
    #expect("\(explanation)".contains(row.text), "\(explanation)")
  }
}

/// The digest that detects a damaged delta.
///
/// Source: RFC 1321 §A.5.
@Suite struct MD5DigestTests {
  @Test(
    "the test suite of RFC 1321, and every padding",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (
        String(repeating: "1234567890", count: 8),
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
      (String(repeating: "a", count: 55), "ef1772b6dff9a122358552954ad0df65"),
      (String(repeating: "a", count: 56), "3b0c8ac703f828b04c6c197006d17218"),
      (String(repeating: "a", count: 64), "014842d480b571495a4a0363793f7367"),
    ]
  )
  func vectors(row: (text: String, digest: String)) {
    #expect(
      String(decoding: MD5Digest.hexadecimal(Array(row.text.utf8)), as: UTF8.self) == row.digest
    )
  }
}
