import StaticAssets
import TestSupport
import Testing

/// Values of options that a table cannot be built with.
///
/// Goal: an invalid value from a configuration file is an error that names it; nothing traps.
@Suite struct OptionCheckTests {
  private let directory = TemporaryDirectory()

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout FileTable.Options) -> Void

    init(_ description: String, _ change: @escaping @Sendable (inout FileTable.Options) -> Void) {
      testDescription = description
      self.change = change
    }
  }

  static let rows = [
    Row("the prefix of a mount 'static/'") { $0.prefix = "static/" },
    Row("the prefix of a mount '/static'") { $0.prefix = "/static" },
    Row("the prefix of a mount ''") { $0.prefix = "" },
    Row("fallback 'app'") { $0.fallbacks = [.init("/none", at: "app")] },
    Row("appPaths: '/api'") { $0.appPaths = ["/", "/api"] },
    Row("upstreamPaths: 'x/'") { $0.upstreamPaths = ["x/"] },
    Row("maxAge -1.0 seconds") { $0.maxAge = .seconds(-1) },
    Row("maxAge 2147483648.0 seconds") { $0.maxAge = .seconds(2_147_483_648) },
    Row("maxAge 1e+18 seconds") { $0.maxAge = .seconds(Int64.max / 8) },
    Row("maxAge rule -1.0 seconds") { $0.maxAges = [MaxAgeRule(glob: "*", maxAge: .seconds(-1))] },
    Row("errorPages: 500") { $0.errorPages = [.internalError: "/none"] },
    Row("errorPages: 200") { $0.errorPages = [.ok: "/none"] },
    Row("indexFile ''") { $0.indexFile = "" },
    Row("indexFile 'a/b'") { $0.indexFile = "a/b" },
    Row("mediaTypes: 'md'") { $0.mediaTypes = ["md": "text"] },
    Row("mediaTypes: with a line end") { $0.mediaTypes = ["md": "text/x\r\nSet-Cookie: a=b"] },
    Row("bodyMemoryMax -1") { $0.bodyMemoryMax = -1 },
    Row("bodyInMemoryMax -1") { $0.bodyInMemoryMax = -1 },
    Row("openFilesMax -1") { $0.openFilesMax = -1 },
  ]

  @Test("an invalid value is an error that names the option", arguments: rows)
  func invalid(row: Row) throws {
    directory.write("a", to: "a.txt")
    var options = FileTable.Options()
    row.change(&options)
    do throws(AssetError) {
      _ = try FileTable(root: directory.path, options: options)
      Issue.record("a table was built")
    } catch {
      #expect(error.code == .invalidOption)
      let word = try #require(row.testDescription.split(separator: " ").first)
      #expect(error.description.contains(word), "\(error)")
    }
  }

  @Test("the limits of each range are valid")
  func valid() throws {
    directory.write("a", to: "a.txt")
    var options = FileTable.Options(maxAge: .seconds(2_147_483_647))
    options.maxAges = [MaxAgeRule(glob: "*", maxAge: .zero)]
    options.bodyMemoryMax = 0
    options.bodyInMemoryMax = 0
    options.openFilesMax = 0
    options.mediaTypes = ["txt": "text/plain; charset=latin1"]
    #expect(try FileTable(root: directory.path, options: options).fileCount == 1)
  }

  @Test(
    "mounts",
    arguments: [("a", "a", false), ("/a", "/", false), ("/a/", "/b/", false), ("/a/", "/a/", true)]
  )
  func mounts(prefix: String, territory: String, isValid: Bool) throws {
    directory.write("a", to: "a.txt")
    let mount = FileTable.Mount(directory.path, at: prefix, in: territory, kind: .collected)
    if isValid {
      _ = try FileTable(mounts: [mount])
    } else {
      #expect(throws: AssetError.self) { try FileTable(mounts: [mount]) }
    }
  }
}
