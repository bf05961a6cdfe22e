package org.ccmessaging.filestream.routes;

import static org.mockito.Mockito.mock;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.concurrent.CountDownLatch;
import org.mockito.invocation.Invocation;
import org.mockito.stubbing.Answer;

/**
 * A folder on a mount that can hang, as NFS does: a thread that lists the folder then waits until the mount is back.
 * Every other call reaches the real folder.
 */
final class HangingFolder {

    private final Path real;
    private volatile CountDownLatch back = new CountDownLatch(0);

    HangingFolder(Path real) {
        this.real = real;
    }

    void hang() {
        back = new CountDownLatch(1);
    }

    void comeBack() {
        back.countDown();
    }

    /** The folder as a setting. */
    Path path() {
        FileSystemProvider provider = mock(FileSystemProvider.class, (Answer<?>) call -> {
            if (call.getMethod().getName().equals("newDirectoryStream")) {
                awaitMount();
            }
            Object[] arguments = ((Invocation) call).getRawArguments().clone();
            // The only path of this file system is the folder.
            arguments[0] = real;
            return invoke(call.getMethod(), real.getFileSystem().provider(), arguments);
        });
        FileSystem files = mock(FileSystem.class, (Answer<?>) call -> call.getMethod().getName().equals("provider")
                ? provider : invoke(call.getMethod(), real.getFileSystem(), ((Invocation) call).getRawArguments()));
        return (Path) Proxy.newProxyInstance(Path.class.getClassLoader(), new Class<?>[] {Path.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getFileSystem") ? files : invoke(method, real, arguments));
    }

    private void awaitMount() throws IOException {
        try {
            back.await();
        } catch (InterruptedException stop) {
            // A system call to a mount that hangs cannot be interrupted. A test has to end, though.
            throw new IOException(stop);
        }
    }

    private static Object invoke(Method method, Object target, Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
