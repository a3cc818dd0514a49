import Diagnostics
import Files
import Testing

@Suite struct PathsTests {
    @Test(
        "The folder that a path stands in",
        arguments: [
            ("k", "."), ("", "."), ("k/", "."), ("a/b", "a"), ("a//b", "a"), ("a/b/", "a"), ("/", "/"), ("/a", "/"),
            ("//", "/"),
            ("/a/b.h5", "/a"), ("./k", "."), ("../k", ".."), ("ä/ö", "ä"),
        ])
    func parents(path: String, folder: String) {
        #expect(parentFolder(of: path) == folder)
    }
}
