import StaticAssets
import StaticCollector
import Testing

@testable import staticd

/// The values of `--source`.
@Suite struct SourceArgumentTests {
  @Test(
    "DIR or PREFIX=DIR",
    arguments: [
      ("d", "", "d"), ("d/e", "", "d/e"), ("/d", "", "/d"), ("./d=e", "", "./d=e"),
      ("../d=e", "", "../d=e"), ("/d=e", "", "/d=e"), ("p=d", "p", "d"), ("p/q=d", "p/q", "d"),
      ("p=/d", "p", "/d"), ("p=./d=e", "p", "./d=e"), ("p=/d=/e", "p", "/d=/e"),
      ("p=q=/d", "p=q", "/d"), ("p=q=r=../d", "p=q=r", "../d"), ("p=q=d", "p", "q=d"),
      ("p==/d", "p=", "/d"), ("p=q=/d=e", "p=q", "/d=e"), ("é=d", "é", "d"),
    ]
  )
  func argument(text: String, prefix: String, path: String) throws {
    let source = try SourceDirectory(argument: text, "--source")
    #expect(source == SourceDirectory(path: BytePath(path), prefix: BytePath(prefix)))
  }

  @Test(
    "prefixes that are no paths below the root",
    arguments: ["=d", "p=", "p/=d", "p//q=d", "p/./q=d", "p/..=d", ".=d", "..=d", "="]
  )
  func wrong(text: String) {
    #expect(throws: CommandFailure.self) { try SourceDirectory(argument: text, "--source") }
  }
}
