%% Calls and casts to a gen_server.
-module(calls).
-export([call/2, cast/2]).

call(Count, 0) -> call(Count, infinity);
call(Count, Deadline) ->
    {ok, Server} = ping_server:start_link(),
    Elapsed = elapsed(fun() -> each(Count, fun() -> pong = gen_server:call(Server, ping, Deadline) end) end),
    gen_server:stop(Server),
    [Elapsed / Count].

%% Makes a call after each Window casts, so that the mailbox stays short.
cast(Count, Window) ->
    {ok, Server} = ping_server:start_link(),
    Elapsed = elapsed(fun() ->
        each(Count div Window, fun() ->
            each(Window, fun() -> gen_server:cast(Server, nudge) end),
            pong = gen_server:call(Server, ping, infinity)
        end)
    end),
    gen_server:stop(Server),
    [Elapsed / Count].

each(0, _) -> ok;
each(Left, Do) -> Do(), each(Left - 1, Do).

elapsed(Do) ->
    Begin = erlang:monotonic_time(),
    Do(),
    erlang:convert_time_unit(erlang:monotonic_time() - Begin, native, nanosecond).
